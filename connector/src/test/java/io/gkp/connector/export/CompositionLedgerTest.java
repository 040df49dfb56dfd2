package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.doctor.Doctor;
import java.time.Clock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the ledger knows of a table's composition, and does not know. */
class CompositionLedgerTest {
  private static final String REWRITE = "ALTER TABLE notes ALTER n TYPE bigint USING n * 10";

  private final Deployment deployment = new Deployment("notes");

  @BeforeEach
  void begin() {
    deployment.database.execute(
        "CREATE TABLE notes (id int PRIMARY KEY, n bigint)",
        "INSERT INTO notes VALUES (1, 1), (2, 2)");
    deployment.drain();
  }

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void epochsOfAnOlderReleaseGoOn() {
    deployment.sql("UPDATE history.epochs SET composition = NULL WHERE true");
    RunReport first = deployment.drain();
    assertThat(first.tables().get("notes").snapshotRows()).isZero();
    assertThat(first.warnings()).isEmpty();
    deployment.database.execute(REWRITE);
    assertThat(deployment.drain().tables().get("notes").snapshotRows()).isEqualTo(2);
    deployment.requireEqual("notes", "id", "n");
  }

  @Test
  void whatAHarmlessChangeLeavesIsWhatTheNextOneIsComparedWith() {
    deployment.database.execute("VACUUM FULL notes", "ALTER TABLE notes ADD v text");
    assertThat(deployment.drain().tables().get("notes").snapshotRows()).isZero();
    deployment.database.execute(
        "ALTER TABLE notes DROP v", "INSERT INTO notes VALUES (3, 3)", "VACUUM FULL notes");
    assertThat(deployment.drain().tables().get("notes").snapshotRows()).isZero();
    deployment.database.execute("ALTER TABLE notes ADD v text", "UPDATE notes SET v = 'new'");
    assertThat(deployment.drain().tables().get("notes").snapshotRows())
        .as("the field may hold values of the dropped column")
        .isEqualTo(3);
    deployment.requireEqual("notes", "id", "n", "v");
  }

  @Test
  void doctorSaysWhatTheNextRunReads() {
    assertThat(rowsWithoutEvents().level()).isEqualTo(Finding.Level.OK);
    deployment.database.execute(REWRITE);
    assertThat(rowsWithoutEvents().what()).isEqualTo("Table notes was rewritten.");
    deployment.drain();
    assertThat(rowsWithoutEvents().level()).isEqualTo(Finding.Level.OK);
  }

  private Finding rowsWithoutEvents() {
    return new Doctor(deployment.config(), Clock.systemUTC())
        .examine().stream()
            .filter(finding -> finding.check().equals("rows-without-events"))
            .findFirst()
            .orElseThrow();
  }
}
