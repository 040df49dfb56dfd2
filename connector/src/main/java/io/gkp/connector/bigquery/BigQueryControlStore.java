package io.gkp.connector.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TableResult;
import com.google.cloud.bigquery.TimePartitioning;
import io.gkp.connector.config.DestinationConfig;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.ControlTable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Control tables in the destination dataset, written by load jobs like everything else. */
public final class BigQueryControlStore implements ControlStore {
  private static final String FINGERPRINT = "gkp_fingerprint";
  private static final int MAX_JOB_ID = 1000;

  private final BigQuery bigquery;
  private final DestinationConfig config;
  private final String location;
  private final LoadJobs loads;
  private final BigQueryErrors errors;
  private final Map<String, Integer> freeAttempts = new ConcurrentHashMap<>();
  private final Set<ControlTable> known = EnumSet.noneOf(ControlTable.class);

  BigQueryControlStore(
      BigQuery bigquery, DestinationConfig config, String location, LoadJobs loads) {
    this.bigquery = bigquery;
    this.config = config;
    this.location = location;
    this.loads = loads;
    this.errors = new BigQueryErrors(config);
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
    } catch (InterruptedException e) {
      throw interrupted("Writing to " + table.tableName(), e);
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
      throw interrupted("Looking for " + key, e);
    }
  }

  private static String jobId(String key) {
    return JobIds.legal(key, MAX_JOB_ID);
  }

  private static ExportException interrupted(String what, InterruptedException cause) {
    Thread.currentThread().interrupt();
    return new ExportException(
        Failure.INTERNAL,
        what + " was interrupted.",
        "Run again; it goes on from the last checkpoint.",
        cause);
  }

  @Override
  public List<Map<String, Object>> read(ControlTable table, String suffix) {
    if (!exists(table)) {
      return List.of();
    }
    String columns =
        String.join(", ", table.columns().stream().map(c -> "`" + c.name() + "`").toList());
    String sql =
        "SELECT "
            + columns
            + " FROM `"
            + config.project()
            + "."
            + config.dataset()
            + "."
            + table.tableName()
            + "` "
            + suffix;
    try {
      TableResult result =
          bigquery.query(
              QueryJobConfiguration.newBuilder(sql).setUseLegacySql(false).build(),
              JobId.newBuilder()
                  .setProject(config.project())
                  .setLocation(location)
                  .setRandomJob()
                  .build());
      FieldList fields = result.getSchema().getFields();
      List<Map<String, Object>> rows = new ArrayList<>();
      for (FieldValueList values : result.iterateAll()) {
        rows.add(row(fields, values));
      }
      return rows;
    } catch (BigQueryException e) {
      throw errors.toFailure("reading " + table.tableName(), e);
    } catch (InterruptedException e) {
      throw interrupted("Reading " + table.tableName(), e);
    }
  }

  private synchronized boolean exists(ControlTable table) {
    if (known.contains(table)) {
      return true;
    }
    try {
      boolean found = bigquery.getTable(TableId.of(config.dataset(), table.tableName())) != null;
      if (found) {
        known.add(table);
      }
      return found;
    } catch (BigQueryException e) {
      throw errors.toFailure("reading " + table.tableName(), e);
    }
  }

  private synchronized void ensureExists(ControlTable table) {
    if (exists(table)) {
      return;
    }
    try {
      bigquery.create(
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
              .build());
    } catch (BigQueryException e) {
      if (e.getCode() != 409) {
        throw errors.toFailure("creating table " + table.tableName(), e);
      }
    }
    known.add(table);
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

  private static Map<String, Object> row(FieldList fields, FieldValueList values) {
    Map<String, Object> row = new LinkedHashMap<>();
    for (Field field : fields) {
      FieldValue value = values.get(field.getName());
      Object read = null;
      if (!value.isNull()) {
        read =
            switch (field.getType().getStandardType()) {
              case INT64 -> value.getLongValue();
              case BOOL -> value.getBooleanValue();
              case TIMESTAMP -> value.getTimestampInstant().toString();
              default -> value.getStringValue();
            };
      }
      row.put(field.getName(), read);
    }
    return row;
  }
}
