package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Wire;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A table whose snapshot does not fit into a run costs the other tables nothing. */
class LargeSnapshotTest {
  private static final Duration MAX_DURATION = Duration.ofMinutes(5);

  private final Wire wire = new Wire();
  private final JumpingClock clock = new JumpingClock();
  private final Deployment deployment =
      new Deployment(List.of(wire), "items")
          .withClock(clock)
          .withMaxDuration(MAX_DURATION)
          .withLimits(new BatchLimits(100_000, Duration.ofSeconds(60), 1));

  @BeforeEach
  void start() {
    deployment.database.execute(
        "CREATE TABLE items (id int PRIMARY KEY, name text)",
        "CREATE TABLE big (id int PRIMARY KEY, body text)",
        "CREATE TABLE small (id int PRIMARY KEY)",
        "INSERT INTO big SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, 1000) i",
        "INSERT INTO small VALUES (1)",
        "ANALYZE big, small");
    deployment.drain();
    timeIsOverInTheMiddleOfBig();
  }

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void tablesThatHaveBeenReadGoOnWhileALargeOneIsTriedAgainAndAgain() {
    deployment.capture("items", "big", "small");
    for (int run = 1; run <= 2; run++) {
      String slotBefore = slot();
      deployment.database.execute(
          "INSERT INTO items VALUES (" + run + ", 'n')",
          "UPDATE big SET body = 'run " + run + "' WHERE id = 1");
      RunReport report = deployment.run();
      assertThat(report.exitCode()).isEqualTo(ExitCode.STOPPED_EARLY);
      assertThat(report.tables().get("items").inserts()).isEqualTo(1);
      assertThat(slot()).isNotEqualTo(slotBefore);
      assertThat(report.warnings().toString())
          .contains("The snapshot of big was stopped after", "of about 1000", "--max-duration");
      // What earlier attempts had loaded is gone: no more than one is ever there.
      assertThat(deployment.raw("raw_big").stream().map(row -> row.get("_cdc_epoch")).distinct())
          .containsExactly(String.valueOf(run));
    }
    deployment.requireEqual("items", "id", "name");
    deployment.requireEqual("small", "id");

    wire.calm();
    deployment.drain();
    deployment.requireEqual("big", "id", "body");
    deployment.requireEqual("items", "id", "name");
    assertThat(deployment.raw("raw_big")).hasSize(1000);
  }

  @Test
  void aTableThatIsReadAnewKeepsNobodyWaitingEither() {
    deployment.capture("items", "small", "big");
    wire.calm();
    deployment.drain();
    timeIsOverInTheMiddleOfBig();
    deployment.database.execute(
        "ALTER PUBLICATION gkp_export DROP TABLE big",
        "UPDATE big SET body = 'not sent' WHERE id = 1",
        "INSERT INTO items VALUES (1, 'n')");
    assertThat(deployment.run().exitCode()).isEqualTo(ExitCode.STOPPED_EARLY);
    deployment.requireEqual("items", "id", "name");
    // Analysts see the former snapshot, whole, until the new one is.
    assertThat(deployment.query("SELECT COUNT(*) FROM history.latest_big"))
        .isEqualTo(List.of(List.of("1000")));
    deployment.database.execute("DELETE FROM big WHERE id = 2");
    assertThat(deployment.run().exitCode()).isEqualTo(ExitCode.STOPPED_EARLY);
    wire.calm();
    deployment.drain();
    deployment.requireEqual("big", "id", "body");
  }

  @Test
  void aFirstRunThatSomebodyAlwaysEndsStarvesNobodyForEver() {
    Wire ended = new Wire();
    try (Deployment first =
        new Deployment(List.of(ended), "items", "big")
            .withLimits(new BatchLimits(100_000, Duration.ofSeconds(60), 1))) {
      first.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY)",
          "CREATE TABLE big (id int PRIMARY KEY, body text)",
          "INSERT INTO big SELECT i, repeat(md5(i::text), 10) FROM generate_series(1, 1000) i",
          "ANALYZE big");
      for (int run = 1; run <= 4; run++) {
        Export export = first.export();
        ended.observe(
            call -> {
              if (call.is(Call.Kind.UPLOAD) && call.isPart("raw_big", 0)) {
                export.requestStop();
              }
            });
        assertThat(export.run().exitCode()).isEqualTo(ExitCode.STOPPED_EARLY);
        assertThat(first.raw("raw_big").stream().map(row -> row.get("_cdc_epoch")).distinct())
            .hasSizeLessThanOrEqualTo(1);
        first.database.execute("INSERT INTO items VALUES (" + run + ")");
      }
      assertThat(first.changelog("raw_items", "id")).containsExactly("c 1", "c 2", "c 3");

      ended.calm();
      first.drain();
      first.requireEqual("items", "id");
      first.requireEqual("big", "id", "body");
    }
  }

  private void timeIsOverInTheMiddleOfBig() {
    wire.observe(
        call -> {
          if (call.is(Call.Kind.UPLOAD) && call.isPart("raw_big", 0)) {
            clock.jump(MAX_DURATION.plusSeconds(1));
          }
        });
  }

  private String slot() {
    return deployment
        .database
        .query(
            "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '"
                + deployment.slot()
                + "'")
        .toString();
  }
}
