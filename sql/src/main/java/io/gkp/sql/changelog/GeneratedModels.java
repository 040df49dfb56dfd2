package io.gkp.sql.changelog;

import io.gkp.sql.model.Check;
import io.gkp.sql.model.Cluster;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Layer;
import io.gkp.sql.model.Layout;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.warehouse.RawColumn;
import io.gkp.sql.warehouse.RawTable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The models that every raw table with a key gets. */
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
    return view(
        table.latestName(),
        "The rows of %s as the source table holds them: newest completed snapshot and all changes since. Grain: one key."
            .formatted(table.source()),
        table.key(),
        columns(table, List.of()),
        List.of(Check.uniqueKey(table.key())),
        Set.of(table.rawName(), PUBLISHED),
        queries.latest(table, state));
  }

  /** {@code history_<table>}: a view, one row per version of a row. */
  public RenderedModel history(RawTable table, Optional<FoldedState> state) {
    return view(
        table.historyName(),
        "Every version of every row of %s that raw still tells of. Grain: one change that left a row."
            .formatted(table.source()),
        List.of("_cdc_epoch", "_cdc_batch", "_cdc_row"),
        columns(table, period(table)),
        // Unique by its ROW_NUMBER; to check it would read the whole changelog in every run.
        List.of(),
        Set.of(table.rawName(), PUBLISHED, table.latestName()),
        queries.history(table, state));
  }

  /** Where the source itself has such a column, ours has the prefix that no source column has. */
  private static List<Column> period(RawTable table) {
    return List.of(
        new Column(
            table.ownColumn("valid_from"), "TIMESTAMP", "When the source row came to be so."),
        new Column(
            table.ownColumn("valid_to"),
            "TIMESTAMP",
            "When it ceased to be so; NULL if it still is."),
        new Column(table.ownColumn("is_current"), "BOOL", "Whether it still is so."));
  }

  /** {@code state_<table>}: a table, the rows of the latest view as of a watermark. */
  public RenderedModel state(RawTable table, Optional<FoldedState> before) {
    return new RenderedModel(
        table.stateName(),
        Layer.CURATED,
        Kind.TABLE,
        "Compacted changelog of %s. Do not query it: %s adds what came since."
            .formatted(table.source(), table.latestName()),
        table.key(),
        Layout.of(clusterByKey(table)),
        columns(table, List.of()),
        List.of(),
        Set.of(table.rawName(), PUBLISHED),
        queries.latest(table, before));
  }

  private static RenderedModel view(
      String name,
      String description,
      List<String> uniqueKey,
      List<Column> columns,
      List<Check> checks,
      Set<String> reads,
      String query) {
    return new RenderedModel(
        name,
        Layer.CURATED,
        Kind.VIEW,
        description,
        uniqueKey,
        Layout.NONE,
        columns,
        checks,
        reads,
        query);
  }

  /** The source's columns, described by whoever knows best, then ours. */
  private List<Column> columns(RawTable table, List<Column> between) {
    List<Column> columns = new ArrayList<>();
    for (RawColumn column : table.columns()) {
      Optional<Column> documented =
          catalog.find(table.rawName()).stream()
              .flatMap(model -> model.columns().stream())
              .filter(c -> c.name().equals(column.name()))
              .findFirst();
      columns.add(
          new Column(
              column.name(),
              column.type(),
              documented.map(Column::description).orElse(description(table, column)),
              documented.flatMap(Column::pii)));
    }
    columns.addAll(between);
    columns.addAll(ChangelogColumns.LATEST);
    return columns;
  }

  private static String description(RawTable table, RawColumn column) {
    return column.description().isBlank()
        ? "Column %s of the source table %s.".formatted(column.name(), table.source())
        : column.description();
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
