package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.LoadStatistics;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.StandardSQLTypeName;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KillTest {
  private static final int KILLS = 3;
  private static final int LOADERS = 3;
  private static final int ROWS_PER_JOB = 500;
  private static final TableId TABLE = TableId.of("raw", "events");
  private static final Schema SCHEMA =
      Schema.of(
          Field.of("job", StandardSQLTypeName.STRING), Field.of("n", StandardSQLTypeName.INT64));

  @TempDir Path data;
  private final AtomicInteger jobs = new AtomicInteger();

  /** What a loader was told of its jobs before the server died. */
  private record Told(List<JobId> accepted, List<JobId> done) {}

  @Test
  void everyAcknowledgedJobSurvivesSigkillAndNoRowComesTwice() throws Exception {
    Map<String, Integer> expected = new HashMap<>();
    for (int kill = 0; kill < KILLS; kill++) {
      Told told = loadUntilKilled(3 + 2 * kill);
      try (ChildServer restarted = ChildServer.start(data)) {
        BigQuery client = Clients.client(restarted.host());
        for (JobId id : told.accepted()) {
          Job job = Clients.done(client, id);
          assertThat(job.getStatus().getError()).isNull();
          assertThat(job.<LoadStatistics>getStatistics().getOutputRows()).isEqualTo(ROWS_PER_JOB);
          expected.put(id.getJob(), ROWS_PER_JOB);
        }
        assertThat(told.accepted()).containsAll(told.done());
        assertThat(loadedButNotAccepted(client, expected)).allMatch(count -> count == ROWS_PER_JOB);
      }
    }
  }

  /** Jobs whose acknowledgement was lost may be there, whole; from now on they count too. */
  private List<Integer> loadedButNotAccepted(BigQuery client, Map<String, Integer> expected) {
    Map<String, Integer> found = new HashMap<>();
    for (FieldValueList row : client.listTableData(TABLE).iterateAll()) {
      found.merge(row.get(0).getStringValue(), 1, Integer::sum);
    }
    assertThat(found).containsAllEntriesOf(expected);
    List<Integer> others =
        found.entrySet().stream()
            .filter(entry -> !expected.containsKey(entry.getKey()))
            .map(Map.Entry::getValue)
            .toList();
    expected.putAll(found);
    return others;
  }

  private Told loadUntilKilled(int afterDone) throws Exception {
    List<JobId> accepted = new CopyOnWriteArrayList<>();
    List<JobId> done = new CopyOnWriteArrayList<>();
    ExecutorService loaders = Executors.newFixedThreadPool(LOADERS);
    try (ChildServer server = ChildServer.start(data)) {
      BigQuery client = Clients.client(server.host());
      if (client.getDataset("raw") == null) {
        client.create(DatasetInfo.of("raw"));
      }
      CountDownLatch enough = new CountDownLatch(afterDone);
      List<Future<?>> running =
          IntStream.range(0, LOADERS)
              .<Future<?>>mapToObj(
                  loader ->
                      loaders.submit(
                          () -> {
                            while (true) {
                              JobId id = load(client);
                              accepted.add(id);
                              Clients.done(client, id);
                              done.add(id);
                              enough.countDown();
                            }
                          }))
              .collect(Collectors.toList());
      enough.await();
      server.kill();
      for (Future<?> loader : running) {
        assertThat(loader)
            .failsWithin(Duration.ofSeconds(60))
            .withThrowableOfType(ExecutionException.class)
            // A connection that breaks, or half an answer that the client cannot parse.
            .satisfies(
                e ->
                    assertThat(e)
                        .rootCause()
                        .isInstanceOfAny(IOException.class, IllegalArgumentException.class));
      }
    } finally {
      loaders.shutdownNow();
    }
    return new Told(List.copyOf(accepted), List.copyOf(done));
  }

  private JobId load(BigQuery client) throws IOException {
    JobId id =
        JobId.newBuilder().setJob("load_" + jobs.incrementAndGet()).setLocation("US").build();
    String rows =
        IntStream.range(0, ROWS_PER_JOB)
            .mapToObj(n -> "{\"job\":\"%s\",\"n\":%d}".formatted(id.getJob(), n))
            .collect(Collectors.joining("\n"));
    TableDataWriteChannel channel =
        client.writer(id, Clients.load("raw", "events", SCHEMA).build());
    channel.write(ByteBuffer.wrap(rows.getBytes(StandardCharsets.UTF_8)));
    channel.close();
    return id;
  }

  @Test
  void aQueryResultAndWhatATableWasCanBeReadAfterSigkill() throws Exception {
    JobId id;
    long filled;
    try (ChildServer server = ChildServer.start(data)) {
      BigQuery client = Clients.client(server.host());
      id =
          client
              .create(
                  JobInfo.of(Clients.freshId(), QueryJobConfiguration.of("SELECT 42 AS answer")))
              .getJobId();
      Clients.done(client, id);
      client.create(DatasetInfo.of("raw"));
      client.query(QueryJobConfiguration.of("CREATE TABLE raw.events AS SELECT 7 AS n"));
      filled = client.getTable(TABLE).getLastModifiedTime();
      client.query(QueryJobConfiguration.of("DELETE FROM raw.events WHERE TRUE"));
      server.kill();
    }
    try (ChildServer restarted = ChildServer.start(data)) {
      BigQuery client = Clients.client(restarted.host());
      assertThat(client.getJob(id).getQueryResults().getValues())
          .singleElement()
          .satisfies(row -> assertThat(row.get("answer").getLongValue()).isEqualTo(42));
      String past = "SELECT n FROM raw.events FOR SYSTEM_TIME AS OF TIMESTAMP_MILLIS(%d)";
      assertThat(client.query(QueryJobConfiguration.of(past.formatted(filled))).getValues())
          .singleElement()
          .satisfies(row -> assertThat(row.get("n").getLongValue()).isEqualTo(7));
      assertThat(client.listTableData(TABLE).getValues()).isEmpty();
    }
  }

  @Test
  void sigtermStopsTheServerAndASecondOneMayNotShareItsData() throws Exception {
    try (ChildServer server = ChildServer.start(data)) {
      assertThatThrownBy(() -> LocalBigQuery.start(data, 0))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("Another local BigQuery uses the data directory");
      assertThat(server.terminate()).isEqualTo(128 + 15);
    }
    try (LocalBigQuery next = LocalBigQuery.start(data, 0)) {
      assertThat(Clients.client(next.host()).listDatasets().getValues()).isEmpty();
    }
  }
}
