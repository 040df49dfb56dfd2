package io.gkp.sql.run;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Table;
import io.gkp.bigquery.JobOutcome;
import io.gkp.failure.ExportException;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Ddl;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.warehouse.RawColumn;
import io.gkp.sql.warehouse.RawTable;
import io.gkp.sql.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The views over raw tables: {@code latest_*}, {@code history_*}, {@code curated_*}, and {@code
 * published_epochs} below them. Creating one reads no data. State tables and marts are {@link
 * ModelRunner}'s.
 */
public final class Views {
  private final BigQuery client;
  private final ModelConfig config;
  private final ModelCatalog catalog = ModelCatalog.bundled();
  private final Warehouse warehouse;
  private final Ddl ddl;
  private final List<ModelResult> results = new ArrayList<>();
  private final Set<String> absent = new HashSet<>();
  private @Nullable Creation creation;

  private Views(BigQuery client, ModelConfig config) {
    this.client = client;
    this.config = config;
    this.warehouse = new Warehouse(client, config.datasets());
    this.ddl = new Ddl(config.datasets());
  }

  /**
   * Creates the views that are missing, and replaces those whose raw table has changed its columns
   * or its key, or that another version of this program has created. Where all of them are as they
   * should be, no job runs.
   *
   * @return the views that were created, replaced, or could not be; and those that a raw table
   *     cannot have, each with the reason
   * @throws ExportException where the warehouse cannot be read at all
   */
  public static List<ModelResult> bring(BigQuery client, ModelConfig config) {
    return new Views(client, config).bring();
  }

  private List<ModelResult> bring() {
    String raw = config.datasets().raw();
    List<Table> listed = new ArrayList<>();
    List<RawTable> tables =
        warehouse.rawTables(
            () -> {
              listed.addAll(warehouse.list(raw));
              return listed;
            });
    if (tables.isEmpty()) {
      return List.of();
    }
    Set<String> rekeyed = ChangedKeys.underway(tables, config.datasets(), () -> creation().jobs);
    ModelSet set =
        new ModelSet(catalog, config.datasets(), tables, rekeyed, table -> Optional.empty());
    String curated = config.datasets().curated();
    Map<String, String> definitions =
        definitions(curated.equals(raw) ? listed : warehouse.list(curated));
    for (RawTable table : tables) {
      for (String view : List.of(table.latestName(), table.historyName())) {
        if (!table.hasKey() && definitions.containsKey(view)) {
          drop(view, set.skipped().get(table.latestName()));
        } else {
          Optional.ofNullable(set.skipped().get(view)).ifPresent(reason -> skip(view, reason));
        }
      }
    }
    set.ofOthers().forEach(this::skip);
    for (RenderedModel model : set.models()) {
      if (isView(model, set, tables)) {
        bring(set, model, definitions.get(model.name()));
      }
    }
    return List.copyOf(results);
  }

  /** What reads a table that is not there, or not as the models know it, is left to model runs. */
  private boolean isView(RenderedModel model, ModelSet set, List<RawTable> tables) {
    boolean isView =
        model.kind() == Kind.VIEW && model.reads().stream().noneMatch(absent::contains);
    if (isView && set.isGenerated(model.name())) {
      return true;
    }
    Optional<String> lacking = isView ? lacking(model, tables) : Optional.empty();
    lacking.ifPresent(reason -> skip(model.name(), reason));
    if (!isView || lacking.isPresent()) {
      absent.add(model.name());
      return false;
    }
    return true;
  }

  /** The platform's table of another version. */
  private Optional<String> lacking(RenderedModel model, List<RawTable> tables) {
    for (RawTable table : tables) {
      if (model.reads().contains(table.latestName())) {
        Set<String> present =
            table.columns().stream().map(RawColumn::name).collect(Collectors.toSet());
        List<String> missing =
            catalog.find(table.rawName()).stream()
                .flatMap(source -> source.columns().stream())
                .map(Column::name)
                .filter(name -> !present.contains(name))
                .toList();
        if (!missing.isEmpty()) {
          return Optional.of(
              table.source() + " has no column " + String.join(", ", missing) + ", which it reads");
        }
      }
    }
    return Optional.empty();
  }

  private void bring(ModelSet set, RenderedModel model, @Nullable String definition) {
    if (Objects.equals(definition, ddl.definition(model).get(Ddl.DEFINITION))) {
      return;
    }
    try {
      Creation creating = creation();
      JobOutcome job =
          set.latestOf(model.name())
              .map(creating.compaction::replaceView)
              .orElseGet(() -> creating.create(set, model));
      results.add(ModelResult.done(model.name(), job.jobId(), null, job.bytesProcessed()));
    } catch (ExportException e) {
      absent.add(model.name());
      results.add(ModelResult.failed(model.name(), e));
    }
  }

  /** What an earlier run could still create would be wrong now: rows may have lost their key. */
  private void drop(String view, @Nullable String reason) {
    try {
      creation().jobs.run(view, ddl.dropView(view));
      skip(view, reason + " (the view was dropped)");
    } catch (ExportException e) {
      absent.add(view);
      results.add(ModelResult.failed(view, e));
    }
  }

  private Creation creation() {
    if (creation == null) {
      creation = new Creation(client, config, catalog, warehouse);
    }
    return creation;
  }

  private void skip(String view, String reason) {
    absent.add(view);
    results.add(ModelResult.skipped(view, reason));
  }

  /** By name. */
  private static Map<String, String> definitions(List<Table> views) {
    Map<String, String> definitions = new HashMap<>();
    for (Table table : views) {
      String definition = table.getLabels().get(Ddl.DEFINITION);
      if (definition != null) {
        definitions.put(table.getTableId().getTable(), definition);
      }
    }
    return definitions;
  }
}
