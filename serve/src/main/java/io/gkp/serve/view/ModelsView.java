package io.gkp.serve.view;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.serve.backend.Backend;
import io.gkp.sql.model.Layer;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.run.DataChecks;
import io.gkp.sql.run.ModelSet;
import io.gkp.sql.warehouse.RawTable;
import io.gkp.sql.warehouse.Warehouse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Reads which models there are, and how fresh. */
public final class ModelsView {
  private final Backend backend;

  public ModelsView(Backend backend) {
    this.backend = backend;
  }

  /**
   * @param withChecks makes the checks of the data, which are queries that cost something
   */
  public ModelsReport report(boolean withChecks) {
    Datasets datasets = backend.models().datasets();
    BigQuery client = BigQueryClients.create(backend.config().destination());
    Warehouse warehouse = new Warehouse(client, datasets);
    List<RawTable> raw = warehouse.rawTables();
    ModelSet set = new ModelSet(ModelCatalog.bundled(), datasets, raw, table -> Optional.empty());
    List<ModelsReport.Entry> entries = new ArrayList<>();
    for (RawTable table : raw) {
      Optional<Table> there = warehouse.find(Layer.RAW, table.rawName());
      entries.add(
          entry(
              table.rawName(),
              Layer.RAW,
              "source",
              List.of(),
              "Changelog of " + table.source() + ".",
              there));
    }
    List<RenderedModel> present = new ArrayList<>();
    for (RenderedModel model : set.models()) {
      Optional<Table> there = warehouse.find(model.layer(), model.name());
      there.ifPresent(table -> present.add(model));
      entries.add(
          entry(
              model.name(),
              model.layer(),
              model.kind().name().toLowerCase(Locale.ROOT),
              model.reads().stream().sorted().toList(),
              model.description(),
              there));
    }
    return new ModelsReport(entries, withChecks ? checks(warehouse, datasets, set, present) : null);
  }

  private static List<ModelsReport.Check> checks(
      Warehouse warehouse, Datasets datasets, ModelSet set, List<RenderedModel> present) {
    return new DataChecks(warehouse.jobs(Optional.empty()), datasets, set::layer)
        .of(present).stream()
            .map(
                check ->
                    new ModelsReport.Check(
                        check.model(),
                        check.check(),
                        check.severity().name().toLowerCase(Locale.ROOT),
                        check.failures(),
                        check.reason()))
            .toList();
  }

  private static ModelsReport.Entry entry(
      String name,
      Layer layer,
      String kind,
      List<String> reads,
      String description,
      Optional<Table> there) {
    Optional<StandardTableDefinition> stored =
        there
            .map(Table::getDefinition)
            .filter(StandardTableDefinition.class::isInstance)
            .map(StandardTableDefinition.class::cast);
    return new ModelsReport.Entry(
        name,
        layer.folder(),
        kind,
        reads,
        description,
        there.isPresent(),
        there
            .map(Table::getLastModifiedTime)
            .map(time -> Instant.ofEpochMilli(time).toString())
            .orElse(null),
        stored.map(StandardTableDefinition::getNumRows).orElse(null),
        stored.map(StandardTableDefinition::getNumBytes).orElse(null));
  }
}
