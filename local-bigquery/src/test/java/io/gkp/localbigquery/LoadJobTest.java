package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.LoadStatistics;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadJobTest {
  private static final Schema SCHEMA =
      Schema.of(
          Field.newBuilder("id", StandardSQLTypeName.INT64).setMode(Field.Mode.REQUIRED).build(),
          Field.of("name", StandardSQLTypeName.STRING));
  private static final TableId TABLE = TableId.of("raw", "people");

  @TempDir Path data;
  private LocalBigQuery server;
  private BigQuery client;

  @BeforeEach
  void start() {
    server = LocalBigQuery.start(data, 0);
    client = Clients.client(server.host());
    client.create(DatasetInfo.of("raw"));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void aLoadCreatesTheTableAndCountsItsRows() {
    Job job = Clients.run(client, load().build(), row(1, "Ada"), row(2, "Grace"));

    assertThat(job.getStatus().getError()).isNull();
    LoadStatistics statistics = job.getStatistics();
    assertThat(statistics.getOutputRows()).isEqualTo(2);
    assertThat(statistics.getInputBytes()).isEqualTo(45);
    assertThat(rows()).containsExactly("1 Ada", "2 Grace");
    assertThat(client.getTable(TABLE).getNumRows()).isEqualTo(2);
  }

  @Test
  void anUploadInChunksArrivesWhole() throws IOException {
    List<String> lines = IntStream.range(0, 20_000).mapToObj(i -> row(i, "x".repeat(50))).toList();
    byte[] content = String.join("\n", lines).getBytes(StandardCharsets.UTF_8);
    JobId id = Clients.freshId();
    TableDataWriteChannel channel = client.writer(id, load().build());
    channel.setChunkSize(256 << 10);
    channel.write(ByteBuffer.wrap(content));
    channel.close();

    LoadStatistics statistics = Clients.done(client, id).getStatistics();
    assertThat(statistics.getOutputRows()).isEqualTo(20_000);
    assertThat(statistics.getInputBytes()).isEqualTo(content.length).isGreaterThan(4 * (256 << 10));
    assertThat(channel.getJob().getJobId().getJob()).isEqualTo(id.getJob());
  }

  @Test
  void gzipIsUnpacked() throws IOException {
    ByteArrayOutputStream zipped = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(zipped)) {
      out.write(row(7, "Edsger").getBytes(StandardCharsets.UTF_8));
    }
    Job job = Clients.run(client, Clients.freshId(), load().build(), zipped.toByteArray());

    assertThat(job.getStatus().getError()).isNull();
    assertThat(rows()).containsExactly("7 Edsger");
  }

  @Test
  void aRowThatDoesNotFitFailsTheJobNamesItsPlaceAndLoadsNothing() {
    Clients.run(client, load().build(), row(1, "Ada"));
    Job job = Clients.run(client, load().build(), row(2, "Grace"), "{\"id\":3,\"nam\":\"Alan\"}");

    assertThat(job.getStatus().getError().getReason()).isEqualTo("invalid");
    assertThat(job.getStatus().getError().getLocation())
        .isEqualTo("File: 0 / Line: 2 / Field: nam");
    assertThat(job.getStatus().getExecutionErrors().get(1).getMessage())
        .isEqualTo(
            "Error while reading data, error message: JSON parsing error in row starting at"
                + " position 24: No such field: nam.");
    assertThat(rows()).containsExactly("1 Ada");
  }

  @Test
  void aJobIdServesOnceWhateverBecameOfItsJob() {
    JobId id = Clients.freshId();
    byte[] bad = "{}".getBytes(StandardCharsets.UTF_8);
    assertThat(Clients.run(client, id, load().build(), bad).getStatus().getError()).isNotNull();

    assertThatThrownBy(() -> client.writer(id, load().build()))
        .isInstanceOfSatisfying(
            BigQueryException.class, e -> assertThat(e.getCode()).isEqualTo(409));
  }

  @Test
  void dispositionsDecideWhatBecomesOfRowsAndTables() {
    Clients.run(client, load().build(), row(1, "Ada"));
    Clients.run(
        client,
        load().setWriteDisposition(JobInfo.WriteDisposition.WRITE_APPEND).build(),
        row(2, "Grace"));
    assertThat(rows()).containsExactly("1 Ada", "2 Grace");

    Job refused =
        Clients.run(
            client,
            load().setWriteDisposition(JobInfo.WriteDisposition.WRITE_EMPTY).build(),
            row(3, "Alan"));
    assertThat(refused.getStatus().getError().getReason()).isEqualTo("duplicate");

    Clients.run(
        client,
        load().setWriteDisposition(JobInfo.WriteDisposition.WRITE_TRUNCATE).build(),
        row(4, "Barbara"));
    assertThat(rows()).containsExactly("4 Barbara");

    Job missing =
        Clients.run(
            client,
            Clients.load("raw", "nowhere", SCHEMA)
                .setCreateDisposition(JobInfo.CreateDisposition.CREATE_NEVER)
                .build(),
            row(5, "Edsger"));
    assertThat(missing.getStatus().getError().getReason()).isEqualTo("notFound");
    assertThat(client.getTable(TableId.of("raw", "nowhere"))).isNull();
  }

  @Test
  void aLoadMayAddFieldsAndRelaxThemWhereItSaysSo() {
    Clients.run(client, load().build(), row(1, "Ada"));
    Schema wider =
        Schema.of(
            Field.of("id", StandardSQLTypeName.INT64),
            Field.of("name", StandardSQLTypeName.STRING),
            Field.of("born", StandardSQLTypeName.DATE));
    String line = "{\"name\":\"Grace\",\"born\":\"1906-12-09\"}";

    Job refused = Clients.run(client, Clients.load("raw", "people", wider).build(), line);
    assertThat(refused.getStatus().getError().getMessage())
        .isEqualTo(
            "Provided Schema does not match Table a-project:raw.people. Field id has changed mode"
                + " from REQUIRED to NULLABLE");

    Job accepted =
        Clients.run(
            client,
            Clients.load("raw", "people", wider)
                .setSchemaUpdateOptions(
                    List.of(
                        JobInfo.SchemaUpdateOption.ALLOW_FIELD_ADDITION,
                        JobInfo.SchemaUpdateOption.ALLOW_FIELD_RELAXATION))
                .build(),
            line);
    assertThat(accepted.getStatus().getError()).isNull();
    assertThat(rows()).containsExactly("1 Ada null", "null Grace 1906-12-09");
  }

  @Test
  void loadsIntoOneTableAtOnceAllLand() throws IOException {
    List<JobId> ids = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      JobId id = Clients.freshId();
      try (TableDataWriteChannel channel = client.writer(id, load().build())) {
        channel.write(ByteBuffer.wrap(row(i, "x").getBytes(StandardCharsets.UTF_8)));
      }
      ids.add(id);
    }
    ids.forEach(id -> assertThat(Clients.done(client, id).getStatus().getError()).isNull());
    assertThat(rows())
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 8).mapToObj(i -> i + " x").toList());
  }

  @Test
  void anUploadOfNothingMakesNoJob() throws IOException {
    JobId id = Clients.freshId();
    TableDataWriteChannel channel = client.writer(id, load().build());
    channel.close();

    assertThat(channel.getJob()).isNull();
    assertThat(client.getJob(id)).isNull();
  }

  @Test
  void anUploadOfWholeChunksOnlyMakesNoJob() throws IOException {
    JobId id = Clients.freshId();
    TableDataWriteChannel channel = client.writer(id, load().build());
    channel.setChunkSize(256 << 10);
    channel.write(ByteBuffer.wrap(" ".repeat(256 << 10).getBytes(StandardCharsets.UTF_8)));
    channel.close();

    assertThat(channel.getJob()).isNull();
    assertThat(client.getJob(id)).isNull();
  }

  @Test
  void badRowsMayBePassedOverUpToANumber() {
    WriteChannelConfiguration tolerant = load().setMaxBadRecords(1).build();
    Job tolerated = Clients.run(client, tolerant, row(1, "Ada"), "{}");
    assertThat(tolerated.getStatus().getError()).isNull();
    assertThat(tolerated.getStatus().getExecutionErrors())
        .singleElement()
        .satisfies(
            error ->
                assertThat(error.getMessage())
                    .isEqualTo(
                        "Error while reading data, error message: JSON parsing error in row"
                            + " starting at position 22: Missing required field: id."));
    assertThat(tolerated.<LoadStatistics>getStatistics().getBadRecords()).isEqualTo(1);

    assertThat(Clients.run(client, tolerant, "{}", "{}").getStatus().getError()).isNotNull();
    assertThat(rows()).containsExactly("1 Ada");
  }

  @Test
  void aDeletedJobIsForgottenButForItsId() {
    JobId id = Clients.freshId();
    byte[] content = row(1, "Ada").getBytes(StandardCharsets.UTF_8);
    Clients.run(client, id, load().build(), content);

    assertThat(client.delete(id)).isTrue();
    assertThat(client.getJob(id)).isNull();
    assertThatThrownBy(() -> client.writer(id, load().build()))
        .isInstanceOfSatisfying(
            BigQueryException.class, e -> assertThat(e.getCode()).isEqualTo(409));
    assertThat(rows()).containsExactly("1 Ada");
  }

  @Test
  void aJobOfAnotherLocationIsFoundOnlyByWhoSaysSo() {
    client.create(DatasetInfo.newBuilder("far").setLocation("asia-east1").build());
    JobId id = JobId.newBuilder().setJob("far_job").setLocation("asia-east1").build();
    byte[] content = row(1, "Ada").getBytes(StandardCharsets.UTF_8);
    Clients.run(client, id, Clients.load("far", "people", SCHEMA).build(), content);

    assertThat(client.getJob(JobId.of("far_job"))).isNull();
    assertThat(client.getJob(id).getStatus().getError()).isNull();
    assertThat(client.listJobs().getValues()).hasSize(1);
  }

  @Test
  void cancellingAJobThatIsDoneChangesNothing() {
    JobId id = Clients.freshId();
    byte[] content = row(1, "Ada").getBytes(StandardCharsets.UTF_8);
    Clients.run(client, id, load().build(), content);

    assertThat(client.cancel(id)).isTrue();
    assertThat(client.getJob(id).getStatus().getError()).isNull();
    assertThat(client.cancel(Clients.freshId())).isFalse();
  }

  @Test
  void aLoadIntoADatasetThatIsNotThereIsRefusedAtOnce() {
    WriteChannelConfiguration load = Clients.load("nowhere", "people", SCHEMA).build();
    assertThatThrownBy(() -> Clients.run(client, load, row(1, "Ada")))
        .isInstanceOfSatisfying(
            BigQueryException.class,
            e -> {
              assertThat(e.getCode()).isEqualTo(404);
              assertThat(e.getMessage()).contains("Not found: Dataset a-project:nowhere");
            });
  }

  private static WriteChannelConfiguration.Builder load() {
    return Clients.load("raw", "people", SCHEMA);
  }

  private static String row(int id, String name) {
    return "{\"id\":%d,\"name\":\"%s\"}".formatted(id, name);
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (FieldValueList row : client.listTableData(TABLE).iterateAll()) {
      rows.add(
          row.stream()
              .map(value -> String.valueOf(value.getValue()))
              .collect(Collectors.joining(" ")));
    }
    return rows;
  }
}
