package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.RetryOption;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.CopyJobConfiguration;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.FieldElementType;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobInfo.WriteDisposition;
import com.google.cloud.bigquery.JobStatistics.CopyStatistics;
import com.google.cloud.bigquery.MaterializedViewDefinition;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.Range;
import com.google.cloud.bigquery.RoutineArgument;
import com.google.cloud.bigquery.RoutineId;
import com.google.cloud.bigquery.RoutineInfo;
import com.google.cloud.bigquery.StandardSQLDataType;
import com.google.cloud.bigquery.TableDefinition;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What tools do beside queries and loads: copies, routines, partitions, what has run. */
class ToolsTest {
  private static final RoutineId TWICE = RoutineId.of("d", "twice_by_rest");

  private static LocalBigQuery server;
  private static BigQuery client;

  @BeforeAll
  static void start() throws InterruptedException {
    server = LocalBigQuery.inMemory().start();
    client = Clients.client(server.host());
    client.create(DatasetInfo.of("d"));
    query("CREATE TABLE d.source (id INT64) CLUSTER BY id AS SELECT 1 AS id UNION ALL SELECT 2");
    query("CREATE TABLE d.other (name STRING) AS SELECT 'a' AS name");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static List<List<String>> query(String sql) throws InterruptedException {
    return query(QueryJobConfiguration.of(sql));
  }

  private static List<List<String>> query(QueryJobConfiguration query) throws InterruptedException {
    List<List<String>> rows = new ArrayList<>();
    for (FieldValueList row : client.query(query).iterateAll()) {
      rows.add(row.stream().map(v -> v.isNull() ? null : v.getStringValue()).toList());
    }
    return rows;
  }

  private static Job copy(CopyJobConfiguration copy) throws InterruptedException {
    return client
        .create(JobInfo.of(Clients.freshId(), copy))
        .waitFor(
            RetryOption.initialRetryDelayDuration(Duration.ofMillis(20)),
            RetryOption.maxRetryDelayDuration(Duration.ofMillis(20)));
  }

  private static CopyJobConfiguration.Builder to(String table, String... sources) {
    return CopyJobConfiguration.newBuilder(
        TableId.of("d", table), Stream.of(sources).map(source -> TableId.of("d", source)).toList());
  }

  private static void assertFails(CopyJobConfiguration.Builder copy, String reason) {
    assertThatThrownBy(() -> copy(copy.build()))
        .isInstanceOfSatisfying(
            BigQueryException.class, e -> assertThat(e.getError().getReason()).isEqualTo(reason));
  }

  @Test
  void tablesAreCopied() throws InterruptedException {
    Job done = copy(to("copied", "source").build());
    assertThat(done.getStatus().getError()).isNull();
    assertThat(done.<CopyStatistics>getStatistics().getCopiedRows()).isEqualTo(2);
    assertThat(query("SELECT id FROM d.copied ORDER BY id"))
        .containsExactly(List.of("1"), List.of("2"));
    assertThat(client.getTable("d", "copied").<TableDefinition>getDefinition().toString())
        .contains("clustering");

    assertFails(to("copied", "source"), "duplicate");
    copy(
        to("copied", "source", "source")
            .setWriteDisposition(WriteDisposition.WRITE_APPEND)
            .build());
    assertThat(query("SELECT COUNT(*) FROM d.copied")).containsExactly(List.of("6"));
    copy(to("copied", "other").setWriteDisposition(WriteDisposition.WRITE_TRUNCATE).build());
    assertThat(query("SELECT * FROM d.copied")).containsExactly(List.of("a"));
  }

  @Test
  void whatCannotBeCopiedIsTold() {
    assertFails(to("nowhere", "missing"), "notFound");
    assertFails(to("nowhere", "source", "other"), "invalid");
    assertFails(to("nowhere", "source$20240101"), "notImplemented");
    assertThat(client.getTable("d", "nowhere")).isNull();
  }

  @Test
  void snapshotsAndClonesAreMadeByJobs() throws InterruptedException {
    copy(to("snapshot", "source").setOperationType("SNAPSHOT").build());
    copy(to("clone", "source").setOperationType("CLONE").build());
    assertThat(client.getTable("d", "snapshot").<TableDefinition>getDefinition().getType())
        .isEqualTo(TableDefinition.Type.SNAPSHOT);
    assertThat(client.getTable("d", "clone").getCloneDefinition()).isNotNull();
    assertThat(query("SELECT COUNT(*) FROM d.snapshot, d.clone")).containsExactly(List.of("4"));
  }

  @Test
  void routinesAreMadeByRest() throws InterruptedException {
    RoutineInfo twice =
        RoutineInfo.newBuilder(TWICE)
            .setRoutineType("SCALAR_FUNCTION")
            .setLanguage("SQL")
            .setArguments(
                List.of(
                    RoutineArgument.newBuilder()
                        .setName("x")
                        .setDataType(StandardSQLDataType.newBuilder("INT64").build())
                        .build()))
            .setBody("x * 2")
            .build();
    client.create(twice);
    assertThat(query("SELECT d.twice_by_rest(4)")).containsExactly(List.of("8"));
    assertThatThrownBy(() -> client.create(twice)).hasMessageContaining("Already Exists");

    client.update(twice.toBuilder().setBody("x * 20").build());
    assertThat(query("SELECT d.twice_by_rest(4)")).containsExactly(List.of("80"));
    assertThatThrownBy(() -> client.update(twice.toBuilder().setBody("x * y").build()))
        .hasMessageContaining("Unrecognized name: y");

    client.create(
        RoutineInfo.newBuilder(RoutineId.of("d", "shout"))
            .setRoutineType("SCALAR_FUNCTION")
            .setLanguage("JAVASCRIPT")
            .setArguments(
                List.of(
                    RoutineArgument.newBuilder()
                        .setName("s")
                        .setDataType(StandardSQLDataType.newBuilder("STRING").build())
                        .build()))
            .setReturnType(StandardSQLDataType.newBuilder("STRING").build())
            .setBody("return s.toUpperCase() + \"!\\\\\"")
            .build());
    assertThat(query("SELECT d.shout('a')")).containsExactly(List.of("A!\\"));
  }

  @Test
  void partitionsAreListed() throws InterruptedException {
    query(
        "CREATE TABLE d.days PARTITION BY day AS SELECT DATE '2024-01-03' AS day"
            + " UNION ALL SELECT DATE '2024-01-02' UNION ALL SELECT NULL");
    assertThat(client.listPartitions(TableId.of("d", "days")))
        .containsExactlyInAnyOrder("20240102", "20240103", "__NULL__");
    assertThatThrownBy(() -> client.listPartitions(TableId.of("d", "source")))
        .hasMessageContaining("not partitioned");
  }

  private static QueryJobConfiguration.Builder into(String table, String sql) {
    return QueryJobConfiguration.newBuilder(sql)
        .setDestinationTable(TableId.of("d", table))
        .setWriteDisposition(JobInfo.WriteDisposition.WRITE_TRUNCATE);
  }

  @Test
  void aPartitionIsWrittenReadAndDeletedAlone() throws InterruptedException {
    query(
        "CREATE TABLE d.parts (day DATE, k INT64) PARTITION BY day AS"
            + " SELECT DATE '2024-01-01', 1 UNION ALL SELECT DATE '2024-01-02', 2"
            + " UNION ALL SELECT NULL, 9");
    String day = "SELECT DATE '2024-01-02' AS day, ";
    assertThat(query(into("parts$20240102", day + "20 AS k").build()))
        .containsExactly(List.of("2024-01-02", "20"));
    query(
        into("parts$20240102", day + "21 AS k, 'new' AS note")
            .setWriteDisposition(JobInfo.WriteDisposition.WRITE_APPEND)
            .setSchemaUpdateOptions(List.of(JobInfo.SchemaUpdateOption.ALLOW_FIELD_ADDITION))
            .build());
    assertThat(query("SELECT k, IFNULL(note, '') FROM d.parts ORDER BY k"))
        .containsExactly(
            List.of("1", ""), List.of("9", ""), List.of("20", ""), List.of("21", "new"));
    assertThat(client.getTable(TableId.of("d", "parts$20240102")).getNumRows()).isEqualTo(2);
    assertThat(client.listTableData(TableId.of("d", "parts$20240102")).getTotalRows()).isEqualTo(2);

    assertThatThrownBy(() -> query(into("parts$20240103", day + "5 AS k").build()))
        .hasMessageContaining("Some rows belong to different partitions");
    assertThatThrownBy(() -> query(into("parts$2024", day + "5 AS k").build()))
        .hasMessageContaining("Invalid partition id");
    assertThatThrownBy(() -> query(into("other$20240102", "SELECT 'b' AS name").build()))
        .hasMessageContaining("not partitioned");

    client.delete(TableId.of("d", "parts$20240102"));
    assertThat(query("SELECT k FROM d.parts ORDER BY k"))
        .containsExactly(List.of("1"), List.of("9"));
    assertThat(client.getTable(TableId.of("d", "parts")).getNumRows()).isEqualTo(2);
  }

  @Test
  void aLoadNamesThePartitionOfATableByIngestionTime() throws Exception {
    query("CREATE TABLE d.arrivals (k INT64) PARTITION BY TIMESTAMP_TRUNC(_PARTITIONTIME, HOUR)");
    for (String load : List.of("2024010203 1", "2024010204 2", "2024010203 3")) {
      String[] hourAndValue = load.split(" ");
      WriteChannelConfiguration configuration =
          WriteChannelConfiguration.newBuilder(
                  TableId.of("d", "arrivals$" + hourAndValue[0]), FormatOptions.csv())
              .setWriteDisposition(JobInfo.WriteDisposition.WRITE_TRUNCATE)
              .build();
      byte[] content = hourAndValue[1].getBytes(StandardCharsets.UTF_8);
      assertThat(
              Clients.run(client, Clients.freshId(), configuration, content).getStatus().getError())
          .isNull();
    }
    assertThat(query("SELECT STRING(_PARTITIONTIME), k FROM d.arrivals ORDER BY k"))
        .containsExactly(
            List.of("2024-01-02 04:00:00+00", "2"), List.of("2024-01-02 03:00:00+00", "3"));
  }

  @Test
  void aMaterializedViewIsMadeByRest() throws InterruptedException {
    MaterializedViewDefinition definition =
        MaterializedViewDefinition.newBuilder("SELECT COUNT(*) AS n FROM d.source")
            .setEnableRefresh(true)
            .build();
    client.create(TableInfo.of(TableId.of("d", "kept_count"), definition));
    MaterializedViewDefinition found =
        client.getTable(TableId.of("d", "kept_count")).getDefinition();
    assertThat(found.getQuery()).isEqualTo(definition.getQuery());
    assertThat(found.getEnableRefresh()).isTrue();
    assertThat(query("SELECT n FROM d.kept_count")).containsExactly(List.of("2"));
    client.update(
        TableInfo.of(
            TableId.of("d", "kept_count"), found.toBuilder().setEnableRefresh(false).build()));
    MaterializedViewDefinition changed =
        client.getTable(TableId.of("d", "kept_count")).getDefinition();
    assertThat(changed.getEnableRefresh()).isFalse();
  }

  @Test
  void rangesAreParameters() throws InterruptedException {
    QueryParameterValue january =
        QueryParameterValue.range(
            Range.newBuilder()
                .setType(FieldElementType.newBuilder().setType("DATE").build())
                .setStart("2024-01-01")
                .setEnd("2024-02-01")
                .build());
    QueryParameterValue open =
        QueryParameterValue.range(
            Range.newBuilder()
                .setType(FieldElementType.newBuilder().setType("DATE").build())
                .setStart("2024-02-01")
                .build());
    assertThat(
            query(
                QueryJobConfiguration.newBuilder(
                        "SELECT RANGE_CONTAINS(@a, DATE '2024-01-31'), RANGE_OVERLAPS(@a, @b),"
                            + " RANGE_END(@b) IS NULL")
                    .addNamedParameter("a", january)
                    .addNamedParameter("b", open)
                    .build()))
        .containsExactly(List.of("true", "false", "true"));
  }

  @Test
  void jobsAndStorageAreViews() throws InterruptedException {
    query("CREATE TABLE d.counted (id INT64)");
    query("INSERT INTO d.counted VALUES (1), (2)");
    assertThatThrownBy(() -> query("SELECT counted FROM d.counted WHERE id = nope"));
    assertThat(
            query(
                "SELECT job_type, statement_type, state, destination_table.table_id,"
                    + " dml_statistics.inserted_row_count, error_result.reason"
                    + " FROM `region-us`.INFORMATION_SCHEMA.JOBS"
                    + " WHERE REGEXP_CONTAINS(query, r'^(SELECT counted|INSERT INTO d.counted)')"
                    + " ORDER BY creation_time"))
        .containsExactly(
            List.of("QUERY", "INSERT", "DONE", "counted", "2", "null").stream()
                .map(value -> value.equals("null") ? null : value)
                .toList(),
            java.util.Arrays.asList("QUERY", null, "DONE", null, null, "invalidQuery"));
    assertThat(
            query(
                "SELECT total_rows, total_logical_bytes, deleted"
                    + " FROM `region-us`.INFORMATION_SCHEMA.TABLE_STORAGE"
                    + " WHERE table_name = 'counted'"))
        .containsExactly(List.of("2", "16", "false"));
  }

  @Test
  void aTableIsReadAsItWas() throws InterruptedException {
    query("CREATE TABLE d.past AS SELECT 1 AS id");
    String select = "SELECT COUNT(*) FROM d.past AS p FOR SYSTEM_TIME AS OF ";
    assertThat(query(select + "CURRENT_TIMESTAMP() WHERE p.id = 1")).containsExactly(List.of("1"));
    assertThatThrownBy(() -> query(select + "TIMESTAMP '2024-01-01'"))
        .hasMessageContaining("Invalid snapshot time");
    assertThatThrownBy(() -> query(select + "TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL 1 DAY)"))
        .hasMessageContaining("in the future");
    Long created = client.getTable("d", "past").getCreationTime();
    query("INSERT INTO d.past SELECT 2 FROM UNNEST(GENERATE_ARRAY(1, 3))");
    assertThat(query(select + "TIMESTAMP_MILLIS(" + created + ")")).containsExactly(List.of("1"));
  }

  @Test
  void aDeletedTableIsCopiedBack() throws InterruptedException {
    query("CREATE TABLE d.deleted AS SELECT 1 AS id");
    long modified = client.getTable("d", "deleted").getLastModifiedTime();
    query("DELETE FROM d.deleted WHERE TRUE");
    client.delete(TableId.of("d", "deleted"));
    assertThat(copy(to("restored", "deleted@" + modified).build()).getStatus().getError()).isNull();
    assertThat(query("SELECT id FROM d.restored")).containsExactly(List.of("1"));
    copy(to("oldest", "deleted@0").build());
    assertThat(query("SELECT id FROM d.oldest")).containsExactly(List.of("1"));
    assertThatThrownBy(() -> copy(to("again", "deleted@-1").build()))
        .hasMessage("Not found: Table a-project:d.deleted");
    assertThatThrownBy(() -> copy(to("again", "deleted@-600000").build()))
        .hasMessageStartingWith("Invalid snapshot time");
    assertThatThrownBy(() -> copy(to("again", "deleted@soon").build()))
        .hasMessageStartingWith("Invalid snapshot decorator");
  }

  @Test
  void aQueryMayBeTooDear() throws InterruptedException {
    QueryJobConfiguration.Builder query =
        QueryJobConfiguration.newBuilder("SELECT id FROM d.source");
    assertThatThrownBy(() -> query(query.setMaximumBytesBilled(1_000_000L).build()))
        .hasMessage("Query exceeded limit for bytes billed: 1000000. 10485760 or higher required.");
    assertThat(query(query.setMaximumBytesBilled(10L << 20).build())).hasSize(2);
    assertThat(
            query(QueryJobConfiguration.newBuilder("SELECT 1").setMaximumBytesBilled(1L).build()))
        .hasSize(1);
  }
}
