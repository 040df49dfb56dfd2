package io.gkp.connector.bench;

import com.sun.management.OperatingSystemMXBean;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.mapping.row.ChangeRowWriter;
import io.gkp.connector.mapping.row.RowMeta;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.session.ServerText;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.Change;
import io.gkp.connector.source.ChangeHandler;
import io.gkp.connector.source.ChangeStream;
import io.gkp.connector.source.Fence;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.time.Instant;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

/**
 * How fast changes become rows, into a sink that answers at once. Not run with the tests:
 *
 * <pre>mvn test -pl connector -am -Dtest=StreamBenchmark -Dsurefire.failIfNoSpecifiedTests=false
 * -Drows=500000</pre>
 *
 * <p>CPU is this process's, Postgres not included. Beside each figure stands what {@code COPY}
 * takes for the same table in the same minute.
 */
class StreamBenchmark {
  private static final int ROWS = Integer.getInteger("rows", 200_000);
  private static final String SLOT = "bench";
  private static final OperatingSystemMXBean PROCESS =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

  private final TestPostgres.Database database = TestPostgres.shared().createDatabase();
  private final SourceConfig config =
      SourceConfig.parse(
          database.url(),
          null,
          SLOT,
          "bench",
          List.of(new TableName("public", "query_logs"), new TableName("public", "small")));

  @Test
  void changesASecond() throws Exception {
    database.execute(
        "CREATE TABLE query_logs (query_id text PRIMARY KEY, tenant_id text, principal text,"
            + " created_at bigint, question text, answer text, refused int, retrieval_k int,"
            + " latency_ms int, provider text, model text, citations_json text, status text)",
        "CREATE TABLE small (id int PRIMARY KEY, v text)",
        "CREATE PUBLICATION bench FOR TABLE query_logs, small",
        "SELECT pg_create_logical_replication_slot('" + SLOT + "', 'pgoutput')");
    Map<String, String> work = new LinkedHashMap<>();
    work.put("warm-up", inserts(-ROWS, 0));
    work.put("inserts, one transaction", inserts(1, ROWS));
    work.put(
        "updates, 5 a transaction",
        repeated(
            ROWS / 10,
            "UPDATE query_logs SET latency_ms = -latency_ms WHERE query_id IN ('q' || 5 * i + 1,"
                + " 'q' || 5 * i + 2, 'q' || 5 * i + 3, 'q' || 5 * i + 4, 'q' || 5 * i + 5)"));
    work.put(
        "inserts, 1 a transaction",
        repeated(ROWS / 5, "INSERT INTO small VALUES (i, 'value ' || i)"));
    for (Map.Entry<String, String> part : work.entrySet()) {
      database.execute("SET synchronous_commit = off; " + part.getValue());
      measure(part.getKey());
    }
    copy();
  }

  private static String inserts(int from, int to) {
    return ("INSERT INTO query_logs SELECT 'q' || g, 't' || g %% 10, 'user' || g %% 100,"
            + " 1700000000 + g, 'What is the meaning of question number ' || g || '?',"
            + " 'It is \"' || md5(g::text) || '\"' || repeat(' word', 8), g %% 2, 5, g %% 2000,"
            + " 'openai', 'gpt-4', '[{\"doc\":' || g || '}]', 'ok' FROM generate_series(%d, %d) g")
        .formatted(from, to);
  }

  private static String repeated(int times, String statement) {
    return "DO $$ BEGIN FOR i IN 0..%d LOOP %s; COMMIT; END LOOP; END $$"
        .formatted(times - 1, statement);
  }

  private void measure(String name) throws Exception {
    Lsn fence;
    try (Connection connection = database.connect()) {
      fence = Fence.set(connection);
    }
    Rows rows = new Rows(fence);
    long cpu = PROCESS.getProcessCpuTime();
    long start = System.nanoTime();
    try (ChangeStream stream =
        new ChangeStream(
            config,
            new Catalogue(new SourceDatabase(config)),
            Map.of(),
            ServerText.UTF_8,
            fence,
            rows)) {
      CompletableFuture.anyOf(stream.start(), rows.end).get(30, TimeUnit.MINUTES);
      print(name, rows.changes, start, cpu);
    }
    database.execute("SELECT pg_replication_slot_advance('" + SLOT + "', '" + fence + "')");
  }

  private void copy() throws Exception {
    try (Connection connection = database.connect()) {
      long cpu = PROCESS.getProcessCpuTime();
      long start = System.nanoTime();
      long rows =
          connection
              .unwrap(PGConnection.class)
              .getCopyAPI()
              .copyOut("COPY query_logs TO STDOUT", OutputStream.nullOutputStream());
      print("COPY by the driver", rows, start, cpu);
    }
  }

  private static void print(String name, long count, long start, long cpu) {
    double seconds = (System.nanoTime() - start) / 1e9;
    double micros = (PROCESS.getProcessCpuTime() - cpu) / 1e3;
    System.out.printf(
        "%-26s %,10d  %,9.0f/s  %6.1f us CPU each%n", name, count, count / seconds, micros / count);
  }

  /** Writes each row, to nowhere. */
  private static final class Rows implements ChangeHandler {
    private final Lsn fence;
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Map<SourceTable, ChangeRowWriter> writers = new IdentityHashMap<>();
    private long changes;

    private Rows(Lsn fence) {
      this.fence = fence;
    }

    @Override
    public void change(Change change) {
      ChangeRowWriter writer =
          writers.computeIfAbsent(
              change.layout(), layout -> new ChangeRowWriter(RawTable.of(layout)));
      RowMeta meta =
          new RowMeta(
              1,
              7,
              changes++,
              change.lsn(),
              change.transactionId(),
              change.committedAt(),
              Instant.EPOCH,
              "run");
      try {
        for (Change.Row row : change.rows()) {
          writer.write(OutputStream.nullOutputStream(), row.operation(), row.values(), meta);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean transactionEnd(Lsn position) {
      return !fence.isAfter(position) && fence(position);
    }

    @Override
    public boolean fence(Lsn position) {
      end.complete(null);
      return false;
    }

    @Override
    public Lsn durable() {
      return Lsn.NONE;
    }
  }
}
