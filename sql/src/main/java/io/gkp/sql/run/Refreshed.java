package io.gkp.sql.run;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Layer;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.Ddl;
import io.gkp.sql.render.Hash;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.warehouse.ModelFailures;
import io.gkp.sql.warehouse.Warehouse;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Remembers what the last refresh of all models had read, in a label of {@code published_epochs},
 * below which all of them lie. A refresh follows an export that has drained, so that what is loaded
 * is published: where neither a raw table nor an epoch has changed since, every model would come
 * out as it stands. Whoever creates that view anew removes the label with it.
 */
final class Refreshed {
  private static final String ROOT = "published_epochs";
  private static final String LABEL = "gkp_refreshed";

  private final BigQuery client;
  private final ModelConfig config;
  private final Warehouse warehouse;
  private final ModelSet set;
  private final String inputs;

  /** Takes down what the models of the set are about to read. */
  Refreshed(BigQuery client, ModelConfig config, Warehouse warehouse, ModelSet set) {
    this.client = client;
    this.config = config;
    this.warehouse = warehouse;
    this.set = set;
    this.inputs = inputs();
  }

  /** Whether all models are there, and nothing that they are made from has changed. */
  boolean isUpToDate() {
    boolean same =
        warehouse
            .find(Layer.CURATED, ROOT)
            .map(view -> inputs.equals(view.getLabels().get(LABEL)))
            .orElse(false);
    return same && areAllThere();
  }

  /** Remembers it, once all models and checks are done. */
  void remember() {
    warehouse
        .find(Layer.CURATED, ROOT)
        .ifPresent(
            view -> {
              Map<String, String> labels = new HashMap<>(view.getLabels());
              labels.put(LABEL, inputs);
              ModelFailures.calls(client)
                  .repeatToTheEnd(
                      "labelling " + ROOT,
                      () -> client.update(view.toBuilder().setLabels(labels).build()));
            });
  }

  private String inputs() {
    List<String> inputs = new ArrayList<>();
    Ddl ddl = new Ddl(config.datasets());
    set.models().forEach(model -> inputs.add(ddl.createOrReplace(model)));
    set.rawNames().forEach(name -> inputs.add(state(name)));
    inputs.add(state("epochs"));
    inputs.add(config.fold() + " " + config.policyTags());
    // What is too old is deleted every day, whether anything has come or not.
    config.rawRetention().ifPresent(days -> inputs.add(days + " " + LocalDate.now(ZoneOffset.UTC)));
    return Hash.of(String.join("\n", inputs));
  }

  private String state(String name) {
    return name
        + warehouse
            .find(Layer.RAW, name)
            .map(table -> " " + table.getLastModifiedTime() + " " + table.getNumRows())
            .orElse("");
  }

  private boolean areAllThere() {
    Set<String> present = new HashSet<>();
    Datasets datasets = config.datasets();
    for (String dataset : Set.copyOf(List.of(datasets.curated(), datasets.marts()))) {
      warehouse
          .list(dataset)
          .forEach(table -> present.add(dataset + "." + table.getTableId().getTable()));
    }
    return set.models().stream()
        .filter(model -> model.kind() != Kind.SOURCE)
        .map((RenderedModel model) -> datasets.of(model.layer()) + "." + model.name())
        .allMatch(present::contains);
  }
}
