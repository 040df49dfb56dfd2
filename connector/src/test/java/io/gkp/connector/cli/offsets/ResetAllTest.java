package io.gkp.connector.cli.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Ledger;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import org.junit.jupiter.api.Test;

class ResetAllTest {
  private static final String ITEMS = "CREATE TABLE items (id int PRIMARY KEY, name text)";

  private static Deployment deployment() {
    Deployment deployment = new Deployment("items").withoutViews();
    deployment.database.execute(ITEMS, "INSERT INTO items VALUES (1, 'one'), (2, 'two')");
    deployment.drain();
    return deployment;
  }

  private static void resetAndDrain(Deployment deployment) {
    Cli reset = Cli.run(deployment, "offsets", "reset", "--all", "--yes", "--reason", "lost");
    assertThat(reset.err()).isEmpty();
    assertThat(reset.code()).isZero();
    deployment.drain();
    deployment.database.execute("INSERT INTO items VALUES (9, 'nine')");
    deployment.drain();
  }

  @Test
  void aSlotThatIsAheadIsReplaced() {
    try (Deployment deployment = deployment()) {
      deployment.database.execute(
          "INSERT INTO items VALUES (3, 'three')",
          "SELECT pg_replication_slot_advance('" + deployment.slot() + "', pg_current_wal_lsn())");
      assertThat(deployment.run().error().code()).isEqualTo("GKP-204");
      resetAndDrain(deployment);
      assertThat(deployment.latest("items", "id")).containsExactly("1", "2", "3", "9");
    }
  }

  /** From 18 on the server passes such changes over, and the table is read anew. */
  @Test
  void aSlotThatCannotGetPastTheTimeWithoutAPublicationIsReplaced() {
    try (Deployment deployment = Deployment.on(TestPostgres.version(15), "items").withoutViews()) {
      deployment.database.execute(ITEMS, "INSERT INTO items VALUES (1, 'one')");
      deployment.drain();
      deployment.database.execute(
          "DROP PUBLICATION gkp_export",
          "INSERT INTO items VALUES (2, 'two')",
          "CREATE PUBLICATION gkp_export FOR TABLE items");
      assertThat(deployment.run().error().code()).isEqualTo("GKP-115");
      resetAndDrain(deployment);
      assertThat(deployment.latest("items", "id")).containsExactly("1", "2", "9");
    }
  }

  @Test
  void aCrashBetweenGivingThePositionUpAndDroppingTheSlotLosesNothing() {
    try (Deployment deployment = deployment()) {
      deployment.database.execute("DELETE FROM items WHERE id = 1");
      Ledger ledger = new Ledger(deployment.controlStore());
      Checkpoint last = ledger.last().orElseThrow();
      Cli.run(deployment, "offsets", "reset", "--table", "items", "--yes");
      Checkpoint begun = ledger.giveUp(last, "crashed", java.time.Instant.now());
      assertThat(begun.lineage()).isNotEqualTo(last.lineage());
      assertThat(begun.n()).isEqualTo(last.n() + 2);
      deployment.drain();
      assertThat(deployment.latest("items", "id")).containsExactly("2");
    }
  }

  @Test
  void aLedgerThatWasRestoredToAnEarlierStateLeapsOverItsLostFuture() {
    try (Deployment deployment = deployment()) {
      Ledger ledger = new Ledger(deployment.controlStore());
      Checkpoint earlier = ledger.last().orElseThrow();
      deployment.database.execute("INSERT INTO items VALUES (3, 'three')");
      deployment.drain();
      // As a restored dataset has it: the job registry knows batches that the ledger does not.
      Checkpoint begun = ledger.giveUp(earlier, "restored", java.time.Instant.now());
      assertThat(begun.n()).isEqualTo(earlier.n() + 1_000_000_001);
    }
  }

  @Test
  void itIsRefusedWhileARunIsGoing() throws Exception {
    try (Deployment deployment = deployment();
        Connection run = deployment.database.connect()) {
      new ReplicationSlot(run, deployment.slot()).lock();
      Cli reset = Cli.run(deployment, "offsets", "reset", "--all", "--yes");
      assertThat(reset.code()).isEqualTo(75);
      assertThat(reset.err()).contains("Another run holds replication slot", "[GKP-201]");
    }
  }

  @Test
  void aTableThatWasNotCapturedForAWhileIsSnapshottedAgain() {
    try (Deployment deployment = new Deployment("items", "other").withoutViews()) {
      deployment.database.execute(
          ITEMS, "CREATE TABLE other (id int PRIMARY KEY)", "INSERT INTO other VALUES (1)");
      deployment.drain();
      deployment.capture("items");
      deployment.drain();
      deployment.database.execute("INSERT INTO other VALUES (2)");
      deployment.drain();
      deployment.capture("items", "other");
      deployment.drain();
      assertThat(deployment.latest("other", "id")).containsExactly("1", "2");
    }
  }
}
