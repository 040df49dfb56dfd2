package io.gkp.sql.verify;

import static java.util.Objects.requireNonNull;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Table;
import io.gkp.bigquery.QueryJobs;
import io.gkp.sql.changelog.ChangelogQueries;
import io.gkp.sql.changelog.FoldedState;
import io.gkp.sql.changelog.LostKeys;
import io.gkp.sql.changelog.Watermark;
import io.gkp.sql.model.Layer;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.Identifiers;
import io.gkp.sql.render.SqlTemplate;
import io.gkp.sql.warehouse.RawColumn;
import io.gkp.sql.warehouse.RawTable;
import io.gkp.sql.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Compares rows that were read from the source into a side table with the warehouse as it was when
 * they were read.
 *
 * <ol>
 *   <li>Ask which rows the changelog has of transactions that the read could not see.
 *   <li>Where there are any, make what the warehouse held of these keys before them, into a table
 *       of its own, by the same query that latest views have.
 *   <li>Compare key by key and column by column: with the latest view, and for those keys with that
 *       table. Without a view, with the changelog alone.
 * </ol>
 *
 * <p>So a verdict is exact while writes go on. A table without key is compared as a bag of rows.
 */
public final class Comparisons {
  private static final SqlTemplate BY_KEY = SqlTemplate.bundled("curated/shared/comparison.sql");
  private static final SqlTemplate WITHOUT_KEY =
      SqlTemplate.bundled("curated/shared/comparison_without_key.sql");

  private final QueryJobs jobs;
  private final Warehouse warehouse;
  private final Datasets datasets;
  private final ChangelogQueries queries;

  public Comparisons(BigQuery client, Datasets datasets, Optional<String> location) {
    this.warehouse = new Warehouse(client, datasets);
    this.jobs = warehouse.jobs(location);
    this.datasets = datasets;
    this.queries = new ChangelogQueries(datasets);
  }

  /**
   * What was read.
   *
   * @param raw name of the table's raw table
   * @param side name of the table with the rows, in the same dataset, with columns like the raw
   *     table's
   * @param columns fields to compare
   * @param key those of them that are the source's key, in its order; empty where there is none
   */
  public record Read(
      String raw, String side, List<String> columns, List<String> key, Coverage coverage) {}

  /**
   * Compares one table.
   *
   * @param most how many keys are told
   * @throws io.gkp.failure.ExportException where BigQuery does not answer or refuses
   */
  public Comparison compare(Read read, AsOf moment, int most) {
    Optional<RawTable> raw = warehouse.rawTable(read.raw());
    if (raw.isEmpty()) {
      return Comparison.impossible("there is no table " + read.raw());
    }
    Set<String> known = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    raw.get().columns().forEach(column -> known.add(column.name()));
    List<ComparedColumn> columns = columns(read, known);
    boolean groupable =
        columns.stream()
            .filter(column -> read.key().contains(column.source().name()))
            .allMatch(ComparedColumn::isGroupable);
    if (!groupable) {
      return Comparison.impossible("BigQuery cannot tell rows apart by a key of such a type");
    }
    return read.key().isEmpty()
        ? withoutKey(read, raw.get(), columns, moment)
        : byKey(read, raw.get(), columns, moment, most);
  }

  private List<ComparedColumn> columns(Read read, Set<String> known) {
    Map<String, RawColumn> side =
        Warehouse.sourceColumns(warehouse.find(Layer.RAW, read.side()).orElseThrow()).stream()
            .collect(Collectors.toMap(RawColumn::name, column -> column));
    List<ComparedColumn> columns = new ArrayList<>();
    for (String name : read.columns()) {
      columns.add(
          new ComparedColumn(
              requireNonNull(side.get(name)), known.contains(name), "c" + columns.size()));
    }
    return columns;
  }

  private Comparison byKey(
      Read read, RawTable described, List<ComparedColumn> columns, AsOf moment, int most) {
    RawTable raw = described.hasKey() ? described : described.withKey(read.key());
    Optional<Table> view = view(described);
    Optional<FoldedState> state = state(raw);
    Later later = later(raw, moment);
    if (later.firstBatch() != null
        && state.isPresent()
        && state.get().watermark().epoch() == moment.epoch()
        && later.firstBatch() <= state.get().watermark().batch()) {
      return Comparison.impossible(
          raw.stateName() + " was folded meanwhile, and holds changes that came after the read");
    }
    Map<String, Object> values = values(read, raw, columns, moment);
    boolean fromView = view.isPresent() && later.truncates() == 0;
    boolean fromTable = view.isEmpty() || later.rows() > 0;
    if (fromTable) {
      values.put("table", before(read, raw, state, moment, fromView));
    }
    values.put("has_view", fromView);
    values.put("has_table", fromTable);
    values.put("has_later", fromView && fromTable);
    values.put("later", moment.later("raw"));
    values.put("latest", datasets.path(Layer.CURATED, raw.latestName()));
    values.put("most", most);
    FieldValueList found = jobs.rows("comparison of " + raw.source(), BY_KEY.render(values)).get(0);
    if (fromTable) {
      jobs.run("end of comparison of " + raw.source(), "DROP TABLE " + values.get("table"));
    }
    List<Comparison.Key> keys =
        newest(raw, (String) values.get("warehouse_key"), moment, keys(found.get("keys")));
    return new Comparison(
        found.get("source_rows").getLongValue(),
        found.get("missing").getLongValue(),
        found.get("extra").getLongValue(),
        found.get("different").getLongValue(),
        duplicates(raw, moment),
        differences(columns, found),
        keys,
        max(number(found.get("since_batch")), keys),
        view.isPresent(),
        null);
  }

  /** The view that analysts read; empty where it is not there or older than the raw table. */
  private Optional<Table> view(RawTable raw) {
    return warehouse
        .find(Layer.CURATED, raw.latestName())
        .filter(
            view -> {
              FieldList fields = view.getDefinition().getSchema().getFields();
              Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
              fields.forEach(field -> names.add(field.getName()));
              return raw.columns().stream().allMatch(column -> names.contains(column.name()));
            });
  }

  private Optional<FoldedState> state(RawTable raw) {
    return warehouse
        .viewText(Layer.CURATED, raw.latestName())
        .flatMap(Watermark::in)
        .flatMap(
            watermark ->
                warehouse
                    .find(Layer.CURATED, raw.stateName())
                    .map(table -> new FoldedState(watermark, Warehouse.sourceColumns(table))));
  }

  /**
   * Changes that the read could not see.
   *
   * @param firstBatch the first batch with one; null where there is none
   */
  private record Later(long rows, long truncates, @Nullable Long firstBatch) {}

  private Later later(RawTable raw, AsOf moment) {
    FieldValueList row =
        jobs.rows(
                "later changes of " + raw.source(),
                """
                SELECT
                  COUNT(*) AS found,
                  COUNTIF(raw._cdc_op = 't') AS truncates,
                  MIN(raw._cdc_batch) AS first_batch
                FROM %s AS raw
                WHERE %s
                """
                    .formatted(path(raw), moment.later("raw")))
            .get(0);
    return new Later(
        row.get("found").getLongValue(),
        row.get("truncates").getLongValue(),
        number(row.get("first_batch")));
  }

  /**
   * Makes a table of the rows as they were before later changes. It is a table and not a part of
   * the comparison, because BigQuery allows recursion at the top of a statement only.
   *
   * @param changed whether to keep to the keys that were changed later
   * @return its path
   */
  private String before(
      Read read, RawTable raw, Optional<FoldedState> state, AsOf moment, boolean changed) {
    String table = datasets.path(Layer.RAW, read.side() + "_before");
    String keys =
        changed
            ? "(SELECT %s FROM %s AS raw WHERE %s AND raw._cdc_op != 't')"
                .formatted(rawKey(raw), path(raw), moment.later("raw"))
            : null;
    jobs.run(
        "state of " + raw.source() + " before later changes",
        """
        CREATE OR REPLACE TABLE %s
        OPTIONS (expiration_timestamp = TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY))
        AS
        %s
        """
            .formatted(
                table,
                queries.latestOf(
                    raw,
                    state,
                    "(SELECT raw.* FROM %s AS raw WHERE %s)"
                        .formatted(path(raw), moment.seen("raw")),
                    "(SELECT %s AS table_name, %d AS epoch, %d AS batch, %s AS completed_at)"
                        .formatted(
                            Identifiers.literal(raw.source()),
                            moment.epoch(),
                            moment.batch(),
                            state.isPresent() ? completedAt(raw, moment) : "NULL"),
                    keys)));
    return table;
  }

  /** When an epoch was completed; NULL where it is not the one that analysts see. */
  private String completedAt(RawTable raw, AsOf moment) {
    return "(SELECT completed_at FROM %s WHERE table_name = %s AND epoch = %d)"
        .formatted(
            datasets.path(Layer.CURATED, "published_epochs"),
            Identifiers.literal(raw.source()),
            moment.epoch());
  }

  private Map<String, Object> values(
      Read read, RawTable raw, List<ComparedColumn> columns, AsOf moment) {
    Map<String, Object> values = new HashMap<>();
    values.put("source", raw.source());
    values.put("side", datasets.path(Layer.RAW, read.side()));
    values.put("raw", path(raw));
    values.put("source_key", keyText(read.key()));
    values.put("warehouse_key", warehouseKey(read, columns));
    values.put("raw_key", rawKey(raw));
    values.put("latest_key", keyText(raw.key()));
    values.put("losses", losses(columns));
    values.put("covered", read.coverage().findsExtra() ? read.coverage().condition() : "TRUE");
    values.put("join", read.coverage().findsExtra() ? "FULL" : "LEFT");
    values.put("seen", moment.seen("raw"));
    values.put(
        "columns",
        columns.stream()
            .map(
                column ->
                    Map.of(
                        "alias", column.alias(),
                        "in_source", column.inSource(),
                        "in_warehouse", column.inWarehouse(),
                        "differs", column.differs()))
            .toList());
    return values;
  }

  /** The source's key of a row in the warehouse, which may lack a column that it has got since. */
  private static String warehouseKey(Read read, List<ComparedColumn> columns) {
    List<ComparedColumn> key =
        read.key().stream()
            .flatMap(name -> columns.stream().filter(c -> c.source().name().equals(name)))
            .toList();
    List<String> known =
        key.stream().filter(ComparedColumn::known).map(column -> column.source().name()).toList();
    return "TO_JSON_STRING(STRUCT(%s, %s AS %s))"
        .formatted(
            key.stream()
                .map(column -> column.inWarehouse() + " AS " + column.inSource())
                .collect(Collectors.joining(", ")),
            known.isEmpty() ? "''" : LostKeys.expression(known, ""),
            ChangelogQueries.LOST_KEY);
  }

  /** A column may be called as the query calls the raw table. */
  private static String rawKey(RawTable raw) {
    return ChangelogQueries.keyText(raw.key(), "raw.");
  }

  private static String keyText(List<String> key) {
    return ChangelogQueries.keyText(key, "");
  }

  /**
   * What is recorded of values that BigQuery cannot hold, in one order. A NULL array is left out:
   * rows from before the column have no such remark.
   */
  private static String losses(List<ComparedColumn> columns) {
    return """
        TO_JSON_STRING(
                ARRAY(
                  SELECT DISTINCT AS STRUCT
                    lossy.column,
                    lossy.text,
                    lossy.reason
                  FROM UNNEST(_cdc_lossy) AS lossy
                  WHERE lossy.reason != 'null_array'
                    AND lossy.column IN (%s)
                  ORDER BY
                    lossy.column,
                    lossy.text,
                    lossy.reason
                )
              )"""
        .formatted(
            columns.stream()
                .map(column -> Identifiers.literal(column.source().name()))
                .collect(Collectors.joining(", ")));
  }

  private static Map<String, Long> differences(List<ComparedColumn> columns, FieldValueList found) {
    Map<String, Long> differences = new LinkedHashMap<>();
    for (ComparedColumn column : columns) {
      differences.put(column.source().name(), found.get(column.alias()).getLongValue());
    }
    differences.put(Comparison.LOSSY, found.get("losses").getLongValue());
    differences.values().removeIf(count -> count == 0);
    return differences;
  }

  private static List<Comparison.Key> keys(FieldValue found) {
    if (found.isNull()) {
      return List.of();
    }
    return found.getRepeatedValue().stream()
        .map(FieldValue::getRecordValue)
        .map(
            row ->
                new Comparison.Key(
                    row.get(0).getStringValue(),
                    row.get(1).getStringValue(),
                    number(row.get(2)),
                    number(row.get(3))))
        .toList();
  }

  /** The same keys, each with the newest batch in which the changelog speaks of it. */
  private List<Comparison.Key> newest(
      RawTable raw, @Nullable String key, AsOf moment, List<Comparison.Key> keys) {
    if (keys.isEmpty()) {
      return keys;
    }
    Map<String, Long> batches = new HashMap<>();
    jobs.rows(
            "changes of keys of " + raw.source(),
            """
            SELECT
              %1$s AS key,
              MAX(raw._cdc_batch) AS batch
            FROM %2$s AS raw
            WHERE %3$s
              AND %1$s IN (%4$s)
            GROUP BY
              1
            """
                .formatted(
                    key,
                    path(raw),
                    moment.seen("raw"),
                    keys.stream()
                        .map(one -> Identifiers.literal(one.key()))
                        .collect(Collectors.joining(", "))))
        .forEach(row -> batches.put(row.get(0).getStringValue(), row.get(1).getLongValue()));
    return keys.stream().map(one -> one.in(batches.get(one.key()))).toList();
  }

  private long duplicates(RawTable raw, AsOf moment) {
    return jobs.rows(
            "duplicates of " + raw.rawName(),
            """
            SELECT
              COALESCE(SUM(copies - 1), 0)
            FROM (
              SELECT
                COUNT(*) AS copies
              FROM %s AS raw
              WHERE raw._cdc_epoch = %d
                AND raw._cdc_batch <= %d
              GROUP BY
                raw._cdc_batch,
                raw._cdc_row
              HAVING COUNT(*) > 1
            )
            """
                .formatted(path(raw), moment.epoch(), moment.batch()))
        .get(0)
        .get(0)
        .getLongValue();
  }

  private Comparison withoutKey(
      Read read, RawTable raw, List<ComparedColumn> columns, AsOf moment) {
    Map<String, Object> values = values(read, raw, columns, moment);
    values.put("whole", read.coverage().findsExtra());
    FieldValueList found =
        jobs.rows("comparison of " + raw.source(), WITHOUT_KEY.render(values)).get(0);
    if (found.get("updates").getLongValue() > 0) {
      return Comparison.impossible(
          "it has no key, and an update does not say which row it replaced");
    }
    return new Comparison(
        found.get("source_rows").getLongValue(),
        found.get("missing").getLongValue(),
        found.get("extra").getLongValue(),
        0,
        duplicates(raw, moment),
        Map.of(),
        List.of(),
        null,
        false,
        null);
  }

  private String path(RawTable raw) {
    return datasets.path(Layer.RAW, raw.rawName());
  }

  private static @Nullable Long max(@Nullable Long since, List<Comparison.Key> keys) {
    Long newest = since;
    for (Comparison.Key key : keys) {
      if (key.batch() != null && (newest == null || key.batch() > newest)) {
        newest = key.batch();
      }
    }
    return newest;
  }

  private static @Nullable Long number(FieldValue value) {
    return value.isNull() ? null : value.getLongValue();
  }
}
