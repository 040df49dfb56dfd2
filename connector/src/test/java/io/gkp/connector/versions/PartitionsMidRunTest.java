package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.TestPostgres;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Partitions that come between a run's look at the catalogue and its fence. */
class PartitionsMidRunTest {
  /**
   * Three tables. Of {@code events} partitions come before a run sets its fence, and one is gone by
   * the next run. One of {@code exchanged} comes so, too, and is detached and attached again: what
   * happens to a partition that a run has met must not be lost on the next one. One of {@code
   * attached} comes with its row before the first run reads the table, and goes.
   */
  @Test
  void takeTheirRowsAlongWhateverBecomesOfThemByTheNextRun() {
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(18), "events", "exchanged", "attached").withoutViews()) {
      for (String table : List.of("events", "exchanged", "attached")) {
        createWithOnePartition(deployment, table);
      }
      deployment.database.execute(
          "CREATE TABLE attached_1 (LIKE attached INCLUDING ALL)",
          "INSERT INTO attached_1 VALUES (11, 'goes')");
      inMidRun(
          "snapshot",
          deployment,
          "ALTER TABLE attached ATTACH PARTITION attached_1 FOR VALUES FROM (10) TO (20)");
      assertThat(deployment.changelog("raw_attached", "id")).contains("r 11");
      deployment.database.execute("ALTER TABLE attached DETACH PARTITION attached_1");
      inMidRun(
          "stream",
          deployment,
          "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (10) TO (20)",
          "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (20) TO (30)",
          "INSERT INTO events VALUES (11, 'goes'), (21, 'stays')",
          "CREATE TABLE exchanged_1 PARTITION OF exchanged FOR VALUES FROM (10) TO (20)",
          "INSERT INTO exchanged VALUES (11, 'goes'), (12, 'stays')");
      deployment.requireLatest("attached", "id", "body");
      assertThat(deployment.changelog("raw_events", "id")).contains("c 11", "c 21");
      deployment.database.execute(
          "DROP TABLE events_1",
          "ALTER TABLE exchanged DETACH PARTITION exchanged_1",
          "DELETE FROM exchanged_1 WHERE id = 11",
          "ALTER TABLE exchanged ATTACH PARTITION exchanged_1 FOR VALUES FROM (10) TO (20)");
      assertThat(deployment.drain().tables().get("attached").snapshotRows()).isZero();
      deployment.requireLatest("events", "id", "body");
      deployment.requireLatest("exchanged", "id", "body");
      RunReport idle = deployment.drain();
      assertThat(idle.warnings()).isEmpty();
      assertThat(idle.tables().values()).allMatch(table -> table.snapshotRows() == 0);
    }
  }

  /** Each statement where a phase of the run first begins. */
  private static void inMidRun(String when, Deployment deployment, String... statements) {
    Progress alter =
        new Progress() {
          private boolean isDone;

          @Override
          public void phase(String phase) {
            if (phase.equals(when) && !isDone) {
              isDone = true;
              deployment.database.execute(statements);
            }
          }
        };
    assertThat(new Export(deployment.config(), Clock.systemUTC(), alter).run().error()).isNull();
  }

  /** A table whose first partition holds a row. */
  private static void createWithOnePartition(Deployment deployment, String table) {
    deployment.database.execute(
        "CREATE TABLE " + table + " (id int PRIMARY KEY, body text) PARTITION BY RANGE (id)",
        "CREATE TABLE " + table + "_0 PARTITION OF " + table + " FOR VALUES FROM (0) TO (10)",
        "INSERT INTO " + table + " VALUES (1, 'stays')");
  }
}
