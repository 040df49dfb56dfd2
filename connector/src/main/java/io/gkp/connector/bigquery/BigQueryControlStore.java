package io.gkp.connector.bigquery;

import static java.util.Objects.requireNonNull;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TableResult;
import com.google.cloud.bigquery.TimePartitioning;
import io.gkp.bigquery.Ahead;
import io.gkp.bigquery.Calls;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.Inheritance;
import io.gkp.bigquery.LoadJobs;
import io.gkp.bigquery.LoadRequest;
import io.gkp.bigquery.NdJson;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.ControlTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Control tables in the destination dataset, written by load jobs like everything else. */
public final class BigQueryControlStore implements ControlStore {
  private static final String FINGERPRINT = "gkp_fingerprint";
  private static final int MAX_JOB_ID = 1000;

  private final BigQuery bigquery;
  private final DestinationConfig config;
  private final String location;
  private final LoadJobs loads;
  private final Calls calls;
  private final KeptTables kept;
  private final boolean mends;
  private final Map<String, Integer> freeAttempts = new ConcurrentHashMap<>();

  /** Columns of the tables that are known to be there. */
  private final Map<ControlTable, Set<String>> present =
      Collections.synchronizedMap(new EnumMap<>(ControlTable.class));

  /** Tables that were not there when they were asked for last. */
  private final Set<ControlTable> absent =
      Collections.synchronizedSet(EnumSet.noneOf(ControlTable.class));

  /** Answers for whoever asks for a table first. */
  private final Map<ControlTable, Ahead<@Nullable Table>> ahead =
      Collections.synchronizedMap(new EnumMap<>(ControlTable.class));

  /**
   * @param mends whether tables that are there are freed of what they have from their dataset; new
   *     ones are in any case
   */
  BigQueryControlStore(
      BigQuery bigquery, DestinationConfig config, String location, LoadJobs loads, boolean mends) {
    this.mends = mends;
    this.bigquery = bigquery;
    this.config = config;
    this.location = location;
    this.loads = loads;
    this.calls = new Calls(config);
    this.kept = new KeptTables(bigquery, config);
  }

  @Override
  public void append(
      ControlTable table, String key, String fingerprint, List<Map<String, Object>> rows) {
    ensureExists(table);
    LoadRequest request =
        new LoadRequest(
            jobId(key),
            table.tableName(),
            schema(table),
            Map.of(FINGERPRINT, fingerprint),
            NdJson.gzip(rows),
            rows.size());
    try {
      loads.untilLoaded(loads.accept(request, freeAttempts.getOrDefault(key, 0)));
      present.put(table, columnNames(table));
    } catch (InterruptedException e) {
      throw Calls.interrupted("writing to " + table.tableName(), e);
    }
  }

  @Override
  public Optional<String> settle(String key) {
    try {
      LoadJobs.Settled settled = loads.settle(jobId(key));
      Optional<String> appended =
          settled
              .found()
              .filter(LoadJobs.Found::isLoaded)
              .map(found -> found.labels().getOrDefault(FINGERPRINT, ""));
      if (appended.isEmpty()) {
        freeAttempts.put(key, settled.nextAttempt());
      }
      return appended;
    } catch (InterruptedException e) {
      throw Calls.interrupted("looking for " + key, e);
    }
  }

  @Override
  public Optional<String> appended(String key) {
    try {
      return loads.loaded(jobId(key)).map(found -> found.labels().getOrDefault(FINGERPRINT, ""));
    } catch (InterruptedException e) {
      throw Calls.interrupted("looking for " + key, e);
    }
  }

  private static String jobId(String key) {
    return JobIds.legal(key, MAX_JOB_ID);
  }

  @Override
  public List<Map<String, Object>> read(ControlTable table, String suffix) {
    if (!exists(table)) {
      return List.of();
    }
    // An older version's table gets its new columns with the next load.
    String columns =
        table.columns().stream()
            .map(
                c ->
                    (requireNonNull(present.get(table)).contains(c.name())
                            ? ""
                            : "CAST(NULL AS " + c.type() + ") AS ")
                        + "`"
                        + c.name()
                        + "`")
            .collect(Collectors.joining(", "));
    String sql =
        "SELECT * FROM (SELECT %s FROM `%s.%s.%s`) %s"
            .formatted(columns, config.project(), config.dataset(), table.tableName(), suffix);
    return calls.repeatToTheEnd("reading " + table.tableName(), () -> query(table, sql));
  }

  private List<Map<String, Object>> query(ControlTable table, String sql)
      throws InterruptedException {
    // Without a job's name the client asks and gets its answer in one request instead of five.
    TableResult result =
        bigquery.query(
            QueryJobConfiguration.newBuilder(sql).setUseLegacySql(false).build(),
            JobId.newBuilder().setProject(config.project()).setLocation(location).build());
    List<Map<String, Object>> rows = new ArrayList<>();
    for (FieldValueList values : result.iterateAll()) {
      rows.add(row(table, values));
    }
    return rows;
  }

  private synchronized boolean exists(ControlTable table) {
    if (present.containsKey(table)) {
      return true;
    }
    Table found = find(table);
    if (found == null) {
      absent.add(table);
      return false;
    }
    remember(table, mends ? kept.keep(found) : found);
    return true;
  }

  /** Asks for all tables at once: a run needs most of them, one after the other. */
  void lookAhead() {
    for (ControlTable table : ControlTable.values()) {
      ahead.put(table, Ahead.of(() -> ask(table)));
    }
  }

  private @Nullable Table find(ControlTable table) {
    Ahead<@Nullable Table> asked = ahead.remove(table);
    Table found = asked == null ? null : asked.get("reading " + table.tableName());
    return found == null ? ask(table) : found; // somebody may have made it since
  }

  private @Nullable Table ask(ControlTable table) {
    return calls.repeatToTheEnd(
        "reading " + table.tableName(),
        () -> bigquery.getTable(TableId.of(config.dataset(), table.tableName())));
  }

  private void remember(ControlTable table, Table found) {
    present.put(
        table,
        found.getDefinition().getSchema().getFields().stream()
            .map(Field::getName)
            .collect(Collectors.toSet()));
  }

  @Override
  public synchronized void ensureExists(ControlTable table) {
    // One that somebody has made since is found by being made again.
    if (present.containsKey(table) || !absent.contains(table) && exists(table)) {
      return;
    }
    TableInfo info =
        TableInfo.newBuilder(
                TableId.of(config.dataset(), table.tableName()),
                StandardTableDefinition.newBuilder()
                    .setSchema(schema(table))
                    .setTimePartitioning(
                        TimePartitioning.newBuilder(TimePartitioning.Type.DAY)
                            .setField(table.partitionColumn())
                            .build())
                    .build())
            .setDescription(table.description())
            .setDefaultCollation(Inheritance.NO_COLLATION)
            .build();
    calls.create("creating table " + table.tableName(), () -> bigquery.create(info));
    remember(table, kept.keep(requireNonNull(ask(table))));
  }

  private static Set<String> columnNames(ControlTable table) {
    return table.columns().stream().map(ControlTable.Column::name).collect(Collectors.toSet());
  }

  private static Schema schema(ControlTable table) {
    return Schema.of(
        table.columns().stream()
            .map(
                column ->
                    Field.newBuilder(column.name(), StandardSQLTypeName.valueOf(column.type()))
                        .setMode(Field.Mode.NULLABLE)
                        .setDescription(column.description())
                        .build())
            .toList());
  }

  private static Map<String, Object> row(ControlTable table, FieldValueList values) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (int i = 0; i < table.columns().size(); i++) {
      ControlTable.Column column = table.columns().get(i);
      FieldValue value = values.get(i);
      Object read = null;
      if (!value.isNull()) {
        read =
            switch (StandardSQLTypeName.valueOf(column.type())) {
              case INT64 -> value.getLongValue();
              case BOOL -> value.getBooleanValue();
              case TIMESTAMP -> value.getTimestampInstant().toString();
              default -> value.getStringValue();
            };
      }
      row.put(column.name(), read);
    }
    return row;
  }
}
