package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import com.google.api.services.bigquery.model.QueryParameter;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.ConnectionProperty;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.QueryParameterValue;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import com.google.cloud.bigquery.TableResult;
import com.google.cloud.bigquery.ViewDefinition;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class QueryJobTest {
  private static final Schema NUMBERS = Schema.of(Field.of("n", StandardSQLTypeName.INT64));

  @TempDir Path data;
  private LocalBigQuery server;
  private BigQuery client;

  @BeforeEach
  void start() {
    server = LocalBigQuery.start(data, 0);
    client = Clients.client(server.host());
    client.create(DatasetInfo.of("d"));
    Clients.run(
        client,
        Clients.load("d", "numbers", NUMBERS).build(),
        IntStream.range(0, 1000).mapToObj("{\"n\":%d}"::formatted).toArray(String[]::new));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void oneCallAnswersAQuery() throws InterruptedException {
    TableResult result =
        client.query(QueryJobConfiguration.of("SELECT SUM(n) AS total FROM d.numbers"));

    assertThat(result.getTotalRows()).isEqualTo(1);
    assertThat(result.getSchema().getFields().get(0).getName()).isEqualTo("total");
    assertThat(result.iterateAll().iterator().next().get("total").getLongValue())
        .isEqualTo(499_500);
  }

  @Test
  void resultsComePageByPage() throws InterruptedException {
    Job job =
        client.create(
            JobInfo.of(
                Clients.freshId(), QueryJobConfiguration.of("SELECT n FROM d.numbers ORDER BY n")));
    TableResult result = job.getQueryResults(BigQuery.QueryResultsOption.pageSize(300));

    List<Long> sizes = new ArrayList<>();
    List<Long> values = new ArrayList<>();
    for (TableResult page = result; page != null; page = page.getNextPage()) {
      long size = 0;
      for (FieldValueList row : page.getValues()) {
        values.add(row.get(0).getLongValue());
        size++;
      }
      sizes.add(size);
    }
    // The client asks for its page size once; pages after the first are the server's to size.
    assertThat(sizes).containsExactly(300L, 700L);
    assertThat(values)
        .containsExactlyElementsOf(IntStream.range(0, 1000).mapToObj(Long::valueOf).toList());
  }

  @Test
  void aQueryJobKeepsItsResultForWhoAsksLater() throws InterruptedException {
    Job job =
        client.create(
            JobInfo.of(
                Clients.freshId(),
                QueryJobConfiguration.of("SELECT n FROM d.numbers WHERE n < 3 ORDER BY n")));
    Clients.done(client, job.getJobId());

    assertThat(longs(client.getJob(job.getJobId()).getQueryResults())).containsExactly(0L, 1L, 2L);
    QueryStatistics statistics = client.getJob(job.getJobId()).getStatistics();
    assertThat(statistics.getStatementType().name()).isEqualTo("SELECT");
    assertThat(statistics.getReferencedTables())
        .containsExactly(TableId.of(Clients.PROJECT, "d", "numbers"));
  }

  @Test
  void aQueryMayNameTheTableForItsResult() throws InterruptedException {
    TableId target = TableId.of("d", "small");
    QueryJobConfiguration.Builder query =
        QueryJobConfiguration.newBuilder("SELECT n FROM d.numbers WHERE n < 2")
            .setDestinationTable(target);
    client.query(query.build());
    client.query(query.setWriteDisposition(JobInfo.WriteDisposition.WRITE_APPEND).build());
    assertThat(client.getTable(target).getNumRows()).isEqualTo(4);
    assertThatThrownBy(() -> client.query(query.setQuery("SELECT 1 AS n, 2 AS m").build()))
        .hasMessageContaining("Invalid schema update. Cannot add fields (field: m)");
    query.setQuery("SELECT n FROM d.numbers WHERE n < 2");

    client.query(query.setWriteDisposition(JobInfo.WriteDisposition.WRITE_TRUNCATE).build());
    assertThat(client.getTable(target).getNumRows()).isEqualTo(2);

    assertThatThrownBy(
            () ->
                client.query(
                    query.setWriteDisposition(JobInfo.WriteDisposition.WRITE_EMPTY).build()))
        .isInstanceOfSatisfying(
            BigQueryException.class,
            e -> assertThat(e.getError().getReason()).isEqualTo("duplicate"));
  }

  @Test
  void valuesOfEveryTypeArriveAsTheClientReadsThem() throws InterruptedException {
    FieldValueList row =
        client
            .query(
                QueryJobConfiguration.of(
                    """
                    SELECT TIMESTAMP '2024-02-29 12:34:56.789012+00' AS moment, b'\\x01\\xff' AS bytes,
                      STRUCT(1 AS a, ['x', 'y'] AS b) AS record, 1.5 AS float, NUMERIC '12.50' AS num,
                      DATE '2024-02-29' AS day, TIME '01:02:03.5' AS time,
                      DATETIME '2024-02-29 01:02:03' AS civil, TRUE AS yes,
                      CAST(NULL AS STRING) AS nothing, JSON '{"k": [1, null]}' AS json
                    """))
            .iterateAll()
            .iterator()
            .next();

    assertThat(row.get("moment").getTimestampInstant())
        .isEqualTo(Instant.parse("2024-02-29T12:34:56.789012Z"));
    assertThat(row.get("bytes").getBytesValue()).isEqualTo(new byte[] {1, -1});
    assertThat(row.get("record").getRecordValue().get(0).getLongValue()).isEqualTo(1);
    assertThat(row.get("record").getRecordValue().get(1).getRepeatedValue().get(1).getStringValue())
        .isEqualTo("y");
    assertThat(row.get("float").getDoubleValue()).isEqualTo(1.5);
    assertThat(row.get("num").getNumericValue()).isEqualByComparingTo("12.5");
    assertThat(row.get("day").getStringValue()).isEqualTo("2024-02-29");
    assertThat(row.get("time").getStringValue()).isEqualTo("01:02:03.500000");
    assertThat(row.get("civil").getStringValue()).isEqualTo("2024-02-29T01:02:03");
    assertThat(row.get("yes").getBooleanValue()).isTrue();
    assertThat(row.get("nothing").isNull()).isTrue();
    assertThat(row.get("json").getStringValue()).isEqualTo("{\"k\":[1,null]}");
  }

  @Test
  void parametersReachTheQuery() throws InterruptedException {
    TableResult result =
        client.query(
            QueryJobConfiguration.newBuilder("SELECT n FROM d.numbers WHERE n = @wanted")
                .addNamedParameter("wanted", QueryParameterValue.int64(42))
                .build());
    assertThat(longs(result)).containsExactly(42L);
  }

  @Test
  void aViewReadsItsTablesAsTheyAre() throws InterruptedException {
    client.create(
        TableInfo.of(
            TableId.of("d", "even"),
            ViewDefinition.of("SELECT n FROM d.numbers WHERE MOD(n, 2) = 0")));

    assertThat(client.getTable(TableId.of("d", "even")).getDefinition().<ViewDefinition>getType())
        .hasToString("VIEW");
    assertThat(longs(client.query(QueryJobConfiguration.of("SELECT COUNT(*) FROM d.even"))))
        .containsExactly(500L);
  }

  @Test
  void ddlReportsWhatItMade() throws InterruptedException {
    client.query(
        QueryJobConfiguration.of(
            "CREATE TABLE d.made (moment TIMESTAMP, k STRING) PARTITION BY DATE(moment) CLUSTER BY k"));
    Table made = client.getTable(TableId.of("d", "made"));
    StandardTableDefinition definition = made.getDefinition();
    assertThat(definition.getTimePartitioning().getField()).isEqualTo("moment");
    assertThat(definition.getClustering().getFields()).containsExactly("k");

    client.query(QueryJobConfiguration.of("CREATE TABLE d.copied AS SELECT n FROM d.numbers"));
    assertThat(client.getTable(TableId.of("d", "copied")).getNumRows()).isEqualTo(1000);

    client.query(QueryJobConfiguration.of("DROP TABLE d.copied"));
    assertThat(client.getTable(TableId.of("d", "copied"))).isNull();
  }

  @Test
  void dmlReportsHowManyRowsItChanged() throws InterruptedException {
    TableResult updated =
        client.query(QueryJobConfiguration.of("UPDATE d.numbers SET n = -n WHERE n < 10"));
    assertThat(updated.getTotalRows()).isEqualTo(10);

    Job job =
        client.create(
            JobInfo.of(
                Clients.freshId(),
                QueryJobConfiguration.of("DELETE FROM d.numbers WHERE n >= 100")));
    QueryStatistics statistics = Clients.done(client, job.getJobId()).getStatistics();
    assertThat(statistics.getNumDmlAffectedRows()).isEqualTo(900);
    assertThat(statistics.getDmlStats().getDeletedRowCount()).isEqualTo(900);
    assertThat(client.getTable(TableId.of("d", "numbers")).getNumRows()).isEqualTo(100);
  }

  @Test
  void aJobCreatedAgainUnderItsIdIsTheOneThatWas() {
    JobInfo insert =
        JobInfo.of(
            Clients.freshId(), QueryJobConfiguration.of("INSERT INTO d.numbers (n) VALUES (-1)"));
    Clients.done(client, client.create(insert).getJobId());

    assertThat(client.create(insert).getStatus().getState().name()).isEqualTo("DONE");
    assertThat(client.getTable(TableId.of("d", "numbers")).getNumRows()).isEqualTo(1001);
  }

  @Test
  void aDryRunTellsTheSchemaAndLeavesNoJob() {
    Job plan =
        client.create(
            JobInfo.of(
                QueryJobConfiguration.newBuilder("SELECT n FROM d.numbers")
                    .setDryRun(true)
                    .build()));
    QueryStatistics statistics = plan.getStatistics();
    assertThat(statistics.getSchema().getFields().get(0).getName()).isEqualTo("n");
    assertThat(client.listJobs().getValues()).hasSize(1);

    String open =
        "SELECT n FROM d.numbers WHERE n > @least AND CAST(n AS STRING) IN UNNEST(@texts)";
    QueryStatistics parameters =
        client
            .create(JobInfo.of(QueryJobConfiguration.newBuilder(open).setDryRun(true).build()))
            .getStatistics();
    assertThat(parameters.getQueryParameters())
        .extracting(QueryParameter::getName, parameter -> parameter.getParameterType().getType())
        .containsExactly(tuple("least", "INT64"), tuple("texts", "ARRAY"));
    QueryStatistics positional =
        client
            .create(
                JobInfo.of(
                    QueryJobConfiguration.newBuilder("SELECT ? || 'x'").setDryRun(true).build()))
            .getStatistics();
    assertThat(positional.getQueryParameters())
        .extracting(QueryParameter::getName, parameter -> parameter.getParameterType().getType())
        .containsExactly(tuple(null, "STRING"));
  }

  @Test
  void anotherTimeZoneIsRefusedByName() {
    QueryJobConfiguration query =
        QueryJobConfiguration.newBuilder("SELECT 1")
            .setConnectionProperties(
                List.of(ConnectionProperty.of("time_zone", "America/New_York")))
            .build();
    assertThatThrownBy(() -> client.query(query)).hasMessageContaining("time zone than UTC");
  }

  @Test
  void aFaultyQueryIsAnInvalidQueryBothWays() {
    QueryJobConfiguration faulty = QueryJobConfiguration.of("SELECT nope FROM d.numbers");
    assertThatThrownBy(() -> client.query(faulty))
        .isInstanceOfSatisfying(
            BigQueryException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(400);
              assertThat(e.getError().getReason()).isEqualTo("invalidQuery");
            });

    Job job = client.create(JobInfo.of(Clients.freshId(), faulty));
    assertThat(Clients.done(client, job.getJobId()).getStatus().getError().getReason())
        .isEqualTo("invalidQuery");
  }

  @Test
  void legacySqlIsRefusedByName() {
    assertThatThrownBy(
            () ->
                client.query(
                    QueryJobConfiguration.newBuilder("SELECT 1").setUseLegacySql(true).build()))
        .isInstanceOfSatisfying(
            BigQueryException.class,
            e -> assertThat(e.getError().getReason()).isEqualTo("notImplemented"));
  }

  @Test
  void aQueryDoesNotFindDatasetsOfOtherLocations() {
    client.create(DatasetInfo.newBuilder("europe").setLocation("EU").build());
    client.create(TableInfo.of(TableId.of("europe", "t"), StandardTableDefinition.of(NUMBERS)));
    Job job =
        client.create(
            JobInfo.of(Clients.freshId(), QueryJobConfiguration.of("SELECT n FROM europe.t")));
    assertThat(Clients.done(client, job.getJobId()).getStatus().getError().getReason())
        .isEqualTo("notFound");
  }

  private static List<Long> longs(TableResult result) {
    List<Long> values = new ArrayList<>();
    result.iterateAll().forEach(row -> values.add(row.get(0).getLongValue()));
    return values;
  }
}
