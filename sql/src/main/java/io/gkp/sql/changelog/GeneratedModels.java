package io.gkp.sql.changelog;

import io.gkp.sql.model.Check;
import io.gkp.sql.model.Cluster;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Layer;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The models that every raw table gets. */
public final class GeneratedModels {
  private static final String PUBLISHED = "published_epochs";

  /**
   * Types that BigQuery clusters by.
   *
   * @see <a href="https://cloud.google.com/bigquery/docs/clustered-tables">BigQuery: clustered
   *     tables</a>
   */
  private static final Set<String> CLUSTERABLE =
      Set.of("STRING", "INT64", "BOOL", "DATE", "DATETIME", "TIMESTAMP", "NUMERIC", "BIGNUMERIC");

  private final ModelCatalog catalog;
  private final ChangelogQueries queries;

  public GeneratedModels(ModelCatalog catalog, Datasets datasets) {
    this.catalog = catalog;
    this.queries = new ChangelogQueries(datasets);
  }

  /** {@code latest_<table>}: a view, one row per key. */
  public RenderedModel latest(RawTable table, Optional<FoldedState> state) {
    return model(
        table.latestName(),
        Kind.VIEW,
        "The rows of %s as the source table holds them, one per key: newest completed snapshot and all changes since."
            .formatted(table.table()),
        table,
        queries.latest(table, state));
  }

  /** {@code state_<table>}: a table, the rows of the latest view as of a watermark. */
  public RenderedModel state(RawTable table, Optional<FoldedState> before) {
    return model(
        table.stateName(),
        Kind.TABLE,
        "Compacted changelog of %s. Do not query it: latest_%s adds what came since."
            .formatted(table.table(), table.table()),
        table,
        queries.latest(table, before));
  }

  private RenderedModel model(
      String name, Kind kind, String description, RawTable table, String query) {
    List<Column> columns = sourceColumns(table);
    columns.addAll(ChangelogColumns.LATEST);
    return new RenderedModel(
        name,
        Layer.CURATED,
        kind,
        description,
        table.key(),
        Optional.empty(),
        kind == Kind.TABLE ? clusterByKey(table) : Optional.empty(),
        columns,
        kind == Kind.VIEW ? List.of(Check.uniqueKey(table.key())) : List.of(),
        Set.of(table.rawName(), PUBLISHED),
        query);
  }

  /** The source's columns, described by whoever knows best. */
  List<Column> sourceColumns(RawTable table) {
    List<Column> columns = new ArrayList<>();
    for (RawColumn column : table.columns()) {
      Optional<Column> documented =
          catalog.find(table.rawName()).stream()
              .flatMap(model -> model.columns().stream())
              .filter(c -> c.name().equals(column.name()))
              .findFirst();
      String description =
          documented
              .map(Column::description)
              .orElse(
                  column.description().isBlank()
                      ? "Column %s of the source table %s.".formatted(column.name(), table.table())
                      : column.description());
      columns.add(
          new Column(
              column.name(),
              column.type(),
              description,
              documented.map(Column::pii).orElse(false)));
    }
    return columns;
  }

  private static Optional<Cluster> clusterByKey(RawTable table) {
    List<String> by =
        table.key().stream()
            .filter(k -> table.column(k).map(c -> CLUSTERABLE.contains(c.type())).orElse(false))
            .limit(Cluster.MAX_COLUMNS)
            .toList();
    return by.isEmpty()
        ? Optional.empty()
        : Optional.of(new Cluster(by, "lookups of single keys read few blocks"));
  }
}
