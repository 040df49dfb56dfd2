package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.InsertAllRequest;
import com.google.cloud.bigquery.InsertAllResponse;
import com.google.cloud.bigquery.PrimaryKey;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableConstraints;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TimePartitioning;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetadataTest {
  private static final TableId ID = TableId.of("d", "events");
  private static final Schema SCHEMA =
      Schema.of(
          Field.newBuilder("key", StandardSQLTypeName.STRING)
              .setMode(Field.Mode.REQUIRED)
              .setDescription("what it is about")
              .build(),
          Field.of("moment", StandardSQLTypeName.TIMESTAMP),
          Field.newBuilder(
                  "lossy",
                  StandardSQLTypeName.STRUCT,
                  Field.of("column", StandardSQLTypeName.STRING),
                  Field.of("reason", StandardSQLTypeName.STRING))
              .setMode(Field.Mode.REPEATED)
              .build());

  @TempDir Path data;
  private LocalBigQuery server;
  private BigQuery client;

  @BeforeEach
  void start() {
    server = LocalBigQuery.start(data, 0);
    client = Clients.client(server.host());
    client.create(DatasetInfo.of("d"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void restart() {
    server.close();
    server = LocalBigQuery.start(data, 0);
    client = Clients.client(server.host());
  }

  @Test
  void aDatasetKeepsWhatItIsGiven() {
    client.create(
        DatasetInfo.newBuilder("labelled")
            .setLocation("EU")
            .setDescription("a description")
            .setLabels(Map.of("team", "data"))
            .build());
    restart();

    Dataset dataset = client.getDataset("labelled");
    assertThat(dataset.getLocation()).isEqualTo("EU");
    assertThat(dataset.getDescription()).isEqualTo("a description");
    assertThat(dataset.getLabels()).containsExactly(Map.entry("team", "data"));
    assertThat(client.listDatasets().getValues())
        .extracting(listed -> listed.getDatasetId().getDataset())
        .containsExactly("d", "labelled");
    assertThat(
            client
                .listDatasets(BigQuery.DatasetListOption.labelFilter("labels.team:data"))
                .getValues())
        .singleElement()
        .satisfies(listed -> assertThat(listed.getDatasetId().getDataset()).isEqualTo("labelled"));
  }

  @Test
  void aPatchChangesWhatItNamesAndRemovesWhatItNulls() {
    client.create(
        DatasetInfo.newBuilder("p").setDescription("old").setLabels(Map.of("a", "1")).build());
    Map<String, String> labels = new HashMap<>();
    labels.put("a", null);
    labels.put("b", "2");
    client.update(DatasetInfo.newBuilder("p").setLabels(labels).build());

    assertThat(client.getDataset("p").getDescription()).isEqualTo("old");
    assertThat(client.getDataset("p").getLabels()).containsExactly(Map.entry("b", "2"));
  }

  @Test
  void aDatasetWithTablesGoesOnlyWithItsContents() {
    createEvents();
    assertThatThrownBy(() -> client.delete("d"))
        .isInstanceOfSatisfying(
            BigQueryException.class, e -> assertThat(e.getReason()).isEqualTo("resourceInUse"));
    assertThat(client.delete("d", BigQuery.DatasetDeleteOption.deleteContents())).isTrue();
    assertThat(client.getDataset("d")).isNull();
    assertThat(client.delete("d")).isFalse();
  }

  @Test
  void aTableKeepsItsSchemaPartitioningClusteringAndLabels() {
    createEvents();
    restart();

    Table table = client.getTable(ID);
    StandardTableDefinition definition = table.getDefinition();
    assertThat(definition.getSchema()).isEqualTo(SCHEMA);
    assertThat(definition.getTimePartitioning().getField()).isEqualTo("moment");
    assertThat(definition.getClustering().getFields()).containsExactly("key");
    assertThat(table.getLabels()).containsExactly(Map.entry("kind", "raw"));
    assertThat(table.getNumRows()).isZero();
    assertThat(client.listTables("d").getValues())
        .singleElement()
        .satisfies(listed -> assertThat(listed.getTableId().getTable()).isEqualTo("events"));
  }

  @Test
  void aTableIsCreatedOnce() {
    createEvents();
    assertThatThrownBy(this::createEvents)
        .isInstanceOfSatisfying(
            BigQueryException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(409);
              assertThat(e.getReason()).isEqualTo("duplicate");
              assertThat(e.getMessage()).isEqualTo("Already Exists: Table a-project:d.events");
            });
  }

  @Test
  void aSchemaMayGainFieldsAndMayNotLoseThem() {
    createEvents();
    client.update(events(with(SCHEMA, Field.of("more", StandardSQLTypeName.JSON))));
    assertThat(client.getTable(ID).getDefinition().getSchema().getFields())
        .extracting(Field::getName)
        .containsExactly("key", "moment", "lossy", "more");

    assertThatThrownBy(() -> client.update(events(SCHEMA)))
        .isInstanceOfSatisfying(
            BigQueryException.class,
            e ->
                assertThat(e.getMessage())
                    .isEqualTo(
                        "Provided Schema does not match Table a-project:d.events. Field more is"
                            + " missing in new schema"));
  }

  @Test
  void tablesThatBigqueryWouldRefuseAreRefused() {
    Schema floats = Schema.of(Field.of("f", StandardSQLTypeName.FLOAT64));
    assertThatThrownBy(
            () ->
                client.create(
                    TableInfo.of(
                        ID,
                        StandardTableDefinition.newBuilder()
                            .setSchema(floats)
                            .setClustering(Clustering.newBuilder().setFields(List.of("f")).build())
                            .build())))
        .hasMessageContaining("cannot be clustered by");
    assertThatThrownBy(
            () ->
                client.create(
                    TableInfo.of(
                        ID,
                        StandardTableDefinition.newBuilder()
                            .setSchema(floats)
                            .setTimePartitioning(
                                TimePartitioning.newBuilder(TimePartitioning.Type.DAY)
                                    .setField("f")
                                    .build())
                            .build())))
        .hasMessageContaining("time partitioning");
    assertThatThrownBy(
            () ->
                client.create(
                    TableInfo.of(
                        ID,
                        StandardTableDefinition.newBuilder()
                            .setSchema(floats)
                            .setTableConstraints(
                                TableConstraints.newBuilder()
                                    .setPrimaryKey(
                                        PrimaryKey.newBuilder().setColumns(List.of("f")).build())
                                    .build())
                            .build())))
        .hasMessageContaining("Primary key column cannot be of type FLOAT");
  }

  @Test
  void aFieldMayNotBeginLikeAPseudoColumn() {
    for (String name :
        List.of(
            "_PARTITIONTIME",
            "_table_suffix",
            "_FILE_",
            "_Row_Timestamp",
            "__ROOT__x",
            "_COLIDENTIFIER")) {
      assertThatThrownBy(
              () -> client.create(events(with(SCHEMA, Field.of(name, StandardSQLTypeName.STRING)))))
          .as(name)
          .hasMessageContaining("Invalid field name \"" + name + "\"");
    }
  }

  @Test
  void streamedRowsAreThereAtOnceUnlessOneIsAtFault() {
    createEvents();
    InsertAllResponse refused =
        client.insertAll(
            InsertAllRequest.newBuilder(ID)
                .addRow(Map.of("key", "a"))
                .addRow(Map.of("nokey", "b"))
                .build());
    assertThat(refused.getErrorsFor(0).get(0).getReason()).isEqualTo("stopped");
    assertThat(refused.getErrorsFor(1).get(0).getReason()).isEqualTo("invalid");

    InsertAllResponse accepted =
        client.insertAll(
            InsertAllRequest.newBuilder(ID)
                .addRow(Map.of("key", "a", "lossy", List.of(Map.of("column", "c", "reason", "r"))))
                .build());
    assertThat(accepted.hasErrors()).isFalse();
    assertThat(client.listTableData(ID).getValues())
        .singleElement()
        .satisfies(row -> assertThat(row.get(0).getStringValue()).isEqualTo("a"));
  }

  private void createEvents() {
    client.create(events(SCHEMA));
  }

  private static TableInfo events(Schema schema) {
    return TableInfo.newBuilder(
            ID,
            StandardTableDefinition.newBuilder()
                .setSchema(schema)
                .setTimePartitioning(
                    TimePartitioning.newBuilder(TimePartitioning.Type.DAY)
                        .setField("moment")
                        .build())
                .setClustering(Clustering.newBuilder().setFields(List.of("key")).build())
                .build())
        .setLabels(Map.of("kind", "raw"))
        .build();
  }

  private static Schema with(Schema schema, Field field) {
    List<Field> fields = new ArrayList<>(schema.getFields());
    fields.add(field);
    return Schema.of(fields);
  }

  @Test
  void aTableKeepsItsPartitions() {
    createEvents();
    TableInfo hourly =
        client.getTable(ID).toBuilder()
            .setDefinition(
                StandardTableDefinition.newBuilder()
                    .setSchema(SCHEMA)
                    .setTimePartitioning(
                        TimePartitioning.newBuilder(TimePartitioning.Type.HOUR)
                            .setField("moment")
                            .build())
                    .build())
            .build();
    assertThatThrownBy(() -> client.update(hourly))
        .isInstanceOf(BigQueryException.class)
        .hasMessage("Cannot change partitioning spec for a partitioned table.");
  }

  @Test
  void aRowThatIsSentAgainIsThereOnce() throws InterruptedException {
    createEvents();
    for (int i = 0; i < 2; i++) {
      assertThat(
              client
                  .insertAll(
                      InsertAllRequest.newBuilder(ID)
                          .addRow("one", Map.of("key", "a"))
                          .addRow("two", Map.of("key", "a"))
                          .addRow("one", Map.of("key", "a"))
                          .addRow(Map.of("key", "without"))
                          .build())
                  .hasErrors())
          .isFalse();
    }
    assertThat(counts()).containsExactly("a 2", "without 2");
    client.delete(ID);
    createEvents();
    client.insertAll(InsertAllRequest.newBuilder(ID).addRow("one", Map.of("key", "anew")).build());
    assertThat(counts()).containsExactly("anew 1");
  }

  private List<String> counts() throws InterruptedException {
    List<String> counts = new ArrayList<>();
    client
        .query(
            QueryJobConfiguration.of(
                "SELECT CONCAT(key, ' ', COUNT(*)) FROM d.events GROUP BY key ORDER BY key"))
        .iterateAll()
        .forEach(row -> counts.add(row.get(0).getStringValue()));
    return counts;
  }

  @Test
  void aRowTakesDefaultValuesForWhatItLeavesOut() throws InterruptedException {
    client.query(
        QueryJobConfiguration.of(
            "CREATE TABLE d.events (key STRING, state STRING DEFAULT 'new',"
                + " id STRING DEFAULT GENERATE_UUID(), made TIMESTAMP DEFAULT CURRENT_TIMESTAMP())"));
    client.insertAll(
        InsertAllRequest.newBuilder(ID)
            .addRow(Map.of("key", "a"))
            .addRow(Map.of("key", "b", "STATE", "old"))
            .build());
    List<String> rows = new ArrayList<>();
    client
        .query(
            QueryJobConfiguration.of(
                "SELECT key, state, COUNT(DISTINCT id) OVER (),"
                    + " made <= CURRENT_TIMESTAMP() FROM d.events ORDER BY key"))
        .iterateAll()
        .forEach(
            row -> rows.add(String.join(" ", row.stream().map(v -> v.getStringValue()).toList())));
    assertThat(rows).containsExactly("a new 2 true", "b old 2 true");
  }
}
