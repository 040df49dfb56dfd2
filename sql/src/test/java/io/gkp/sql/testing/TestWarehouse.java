package io.gkp.sql.testing;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.PrimaryKey;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableConstraints;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import com.sun.net.httpserver.Filter;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.localbigquery.LocalBigQuery;
import io.gkp.sql.changelog.ChangelogColumns;
import io.gkp.sql.model.Column;
import io.gkp.sql.model.ModelCatalog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;

/** An embedded BigQuery with one dataset, and what the export would write into it. */
public final class TestWarehouse implements AutoCloseable {
  public static final String PROJECT = "test-project";
  public static final String DATASET = "gkp";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final LocalBigQuery server;
  private final BigQuery client;

  private TestWarehouse(LocalBigQuery server) {
    this.server = server;
    this.client = BigQueryClients.create(new DestinationConfig(PROJECT, DATASET, null, host()));
    client.create(DatasetInfo.of(DATASET));
    ModelCatalog catalog = ModelCatalog.bundled();
    create("checkpoints", catalog.get("checkpoints").columns());
    create("epochs", catalog.get("epochs").columns());
    create("runs", catalog.get("runs").columns());
  }

  public static TestWarehouse start(Path data) {
    return new TestWarehouse(LocalBigQuery.start(data, 0));
  }

  /**
   * @param filter sees each request first, and may answer it
   */
  public static TestWarehouse start(Path data, Filter filter) {
    return new TestWarehouse(LocalBigQuery.builder(data).port(0).filter(filter).start());
  }

  public BigQuery client() {
    return client;
  }

  public String host() {
    return server.host();
  }

  /** Creates a raw table as the export does: partitioned, clustered, its key a constraint. */
  public void createRaw(String table, List<Column> columns, List<String> key) {
    List<Column> all = new ArrayList<>(columns);
    all.addAll(ChangelogColumns.RAW);
    List<String> clustering = new ArrayList<>(key);
    clustering.add("_cdc_batch");
    StandardTableDefinition.Builder definition =
        StandardTableDefinition.newBuilder()
            .setSchema(schema(all))
            .setTimePartitioning(
                TimePartitioning.newBuilder(TimePartitioning.Type.DAY)
                    .setField("_cdc_ingested_at")
                    .build())
            .setClustering(Clustering.newBuilder().setFields(clustering).build());
    if (!key.isEmpty()) {
      definition.setTableConstraints(
          TableConstraints.newBuilder()
              .setPrimaryKey(PrimaryKey.newBuilder().setColumns(key).build())
              .build());
    }
    client.create(TableInfo.of(TableId.of(DATASET, "raw_" + table), definition.build()));
  }

  /** Adds an INT64 column, as the export does when the source gets one. */
  public void addColumn(Table table, String name) {
    StandardTableDefinition definition = table.getDefinition();
    List<Field> fields = new ArrayList<>(definition.getSchema().getFields());
    fields.add(Field.of(name, StandardSQLTypeName.INT64));
    table.toBuilder()
        .setDefinition(definition.toBuilder().setSchema(Schema.of(fields)).build())
        .build()
        .update();
  }

  private void create(String table, List<Column> columns) {
    client.create(
        TableInfo.of(TableId.of(DATASET, table), StandardTableDefinition.of(schema(columns))));
  }

  /** Loads rows by a load job, as the export does. */
  public void append(String table, Collection<? extends JsonNode> rows) {
    String lines = rows.stream().map(JsonNode::toString).collect(Collectors.joining("\n"));
    TableDataWriteChannel channel =
        client.writer(
            WriteChannelConfiguration.newBuilder(TableId.of(DATASET, table))
                .setFormatOptions(FormatOptions.json())
                .build());
    try (channel) {
      channel.write(ByteBuffer.wrap(lines.getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      Job job = channel.getJob();
      while (!job.isDone()) {
        Thread.sleep(5);
      }
      job = job.reload();
      if (job.getStatus().getError() != null) {
        throw new IllegalStateException(job.getStatus().getError().toString());
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The rows of a query, one JSON object per row. */
  public List<JsonNode> rows(String sql) {
    List<JsonNode> rows = new ArrayList<>();
    for (FieldValueList row : query("SELECT TO_JSON_STRING(t) FROM (" + sql + ") AS t")) {
      try {
        rows.add(JSON.readTree(row.get(0).getStringValue()));
      } catch (JsonProcessingException e) {
        throw new IllegalStateException(e);
      }
    }
    return rows;
  }

  public Iterable<FieldValueList> query(String sql) {
    try {
      return client
          .query(
              QueryJobConfiguration.newBuilder(sql)
                  .setDefaultDataset(DATASET)
                  .setUseQueryCache(false)
                  .build())
          .iterateAll();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Schema schema(List<Column> columns) {
    return Schema.of(columns.stream().map(TestWarehouse::field).toList());
  }

  private static Field field(Column column) {
    String type = column.type();
    boolean repeated = type.startsWith("ARRAY<");
    String element = repeated ? type.substring("ARRAY<".length(), type.length() - 1) : type;
    Field.Builder field =
        element.startsWith("STRUCT<")
            ? Field.newBuilder(
                column.name(),
                StandardSQLTypeName.STRUCT,
                FieldList.of(
                    Field.of("column", StandardSQLTypeName.STRING),
                    Field.of("text", StandardSQLTypeName.STRING),
                    Field.of("reason", StandardSQLTypeName.STRING)))
            : Field.newBuilder(column.name(), StandardSQLTypeName.valueOf(element));
    return field.setMode(repeated ? Field.Mode.REPEATED : Field.Mode.NULLABLE).build();
  }

  @Override
  public void close() {
    server.close();
  }
}
