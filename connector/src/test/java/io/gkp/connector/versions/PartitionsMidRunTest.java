package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.TestPostgres;
import java.time.Clock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Partitions that come between a run's look at the catalogue and its fence. */
class PartitionsMidRunTest {
  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void takeTheirRowsAlongWhereTheyAreGoneByTheNextRun(int version) {
    try (Deployment deployment = withOnePartition(version)) {
      deployment.drain();
      inMidRun(
          deployment,
          "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (10) TO (20)",
          "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (20) TO (30)",
          "INSERT INTO events VALUES (11, 'goes'), (21, 'stays')");
      assertThat(deployment.changelog("raw_events", "id")).contains("c 11", "c 21");
      deployment.database.execute("DROP TABLE events_1");
      deployment.drain();
      deployment.requireEqual("events", "id", "body");
      RunReport idle = deployment.drain();
      assertThat(idle.warnings()).isEmpty();
      assertThat(idle.tables().get("events").snapshotRows()).isZero();
    }
  }

  /** What happens to a partition that a run has met must not be lost on the next one. */
  @ParameterizedTest
  @ValueSource(ints = 18)
  void mayBeDetachedAndAttachedAgain(int version) {
    try (Deployment deployment = withOnePartition(version)) {
      deployment.drain();
      inMidRun(
          deployment,
          "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (10) TO (20)",
          "INSERT INTO events VALUES (11, 'goes'), (12, 'stays')");
      deployment.database.execute(
          "ALTER TABLE events DETACH PARTITION events_1",
          "DELETE FROM events_1 WHERE id = 11",
          "ALTER TABLE events ATTACH PARTITION events_1 FOR VALUES FROM (10) TO (20)");
      deployment.drain();
      deployment.requireEqual("events", "id", "body");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = 15)
  void comeWithRowsForASnapshotAndGo(int version) {
    try (Deployment deployment = Deployment.on(TestPostgres.version(version), "events")) {
      deployment.database.execute(
          "CREATE TABLE events (id int PRIMARY KEY, body text) PARTITION BY RANGE (id)",
          "CREATE TABLE events_0 PARTITION OF events FOR VALUES FROM (0) TO (10)",
          "INSERT INTO events VALUES (1, 'stays')",
          "CREATE TABLE events_1 (LIKE events INCLUDING ALL)",
          "INSERT INTO events_1 VALUES (11, 'goes')");
      inMidRun(
          "snapshot",
          deployment,
          "ALTER TABLE events ATTACH PARTITION events_1 FOR VALUES FROM (10) TO (20)");
      assertThat(deployment.changelog("raw_events", "id")).contains("r 11");
      deployment.database.execute("ALTER TABLE events DETACH PARTITION events_1");
      deployment.drain();
      deployment.requireEqual("events", "id", "body");
      assertThat(deployment.drain().warnings()).isEmpty();
    }
  }

  /** Each statement before the run sets its fence. */
  private static void inMidRun(Deployment deployment, String... statements) {
    inMidRun("stream", deployment, statements);
  }

  /** Each statement where a phase of the run begins. */
  private static void inMidRun(String when, Deployment deployment, String... statements) {
    Progress alter =
        new Progress() {
          @Override
          public void phase(String phase) {
            if (phase.equals(when)) {
              deployment.database.execute(statements);
            }
          }
        };
    assertThat(new Export(deployment.config(), Clock.systemUTC(), alter).run().error()).isNull();
  }

  /** A table whose first partition holds a row. */
  private static Deployment withOnePartition(int version) {
    Deployment deployment = Deployment.on(TestPostgres.version(version), "events");
    deployment.database.execute(
        "CREATE TABLE events (id int PRIMARY KEY, body text) PARTITION BY RANGE (id)",
        "CREATE TABLE events_0 PARTITION OF events FOR VALUES FROM (0) TO (10)",
        "INSERT INTO events VALUES (1, 'stays')");
    return deployment;
  }
}
