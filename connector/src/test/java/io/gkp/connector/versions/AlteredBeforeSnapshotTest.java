package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.TestPostgres;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * A first run dies between the creation of its slot and its snapshots. What the slot brings is from
 * before DDL that the next run's snapshots have seen.
 */
class AlteredBeforeSnapshotTest {
  private static final Map<String, List<String>> SET_UP =
      Map.of(
          "parts",
          List.of(
              "CREATE TABLE parts (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
              "CREATE TABLE parts_0 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
              "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (10) TO (20)"),
          "multiplied",
          List.of("CREATE TABLE multiplied (id int PRIMARY KEY, v int)"),
          "relabelled",
          List.of(
              "CREATE TYPE mood AS ENUM ('sad', 'glad')",
              "CREATE TABLE relabelled (id int PRIMARY KEY, v mood)"),
          "rounded",
          List.of("CREATE TABLE rounded (id int PRIMARY KEY, v numeric(10,4))"));

  private static final List<String> MEANWHILE =
      List.of(
          "INSERT INTO parts VALUES (1, 'stays'), (11, 'goes')",
          "TRUNCATE parts_1",
          "INSERT INTO multiplied VALUES (1, 3)",
          "ALTER TABLE multiplied ALTER v TYPE bigint USING v * 100",
          "INSERT INTO relabelled VALUES (1, 'sad')",
          "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
          "INSERT INTO rounded VALUES (1, 2.2345)",
          "ALTER TABLE rounded ALTER v TYPE numeric(10,2)");

  @Test
  void passesOverWhatTheSnapshotsHoldOtherwise() {
    String[] tables = SET_UP.keySet().toArray(String[]::new);
    try (Deployment deployment = Deployment.on(TestPostgres.version(14), tables).withoutViews()) {
      SET_UP.values().forEach(sql -> deployment.database.execute(sql.toArray(String[]::new)));
      dieBeforeReading(deployment);
      deployment.database.execute(MEANWHILE.toArray(String[]::new));
      deployment.drain();
      for (String table : tables) {
        deployment.requireLatest(table, "id", "v");
      }
    }
  }

  private static void dieBeforeReading(Deployment deployment) {
    Progress dying =
        new Progress() {
          @Override
          public void phase(String phase) {
            if (phase.equals("snapshot")) {
              throw new IllegalStateException("dead");
            }
          }
        };
    assertThat(new Export(deployment.config(), Clock.systemUTC(), dying).run().status())
        .isEqualTo(RunReport.Status.FAILED);
  }
}
