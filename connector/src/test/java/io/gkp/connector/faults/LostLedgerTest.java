package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.TableId;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ControlTable;
import io.gkp.offsets.Ledger;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Datasets that have lost a part of what says where they stand. */
class LostLedgerTest {
  private final Deployment deployment = new Deployment("items").withoutViews();

  @BeforeEach
  void start() {
    deployment.database.execute(
        "CREATE TABLE items (id int PRIMARY KEY)", "INSERT INTO items VALUES (1)");
    deployment.drain();
    deployment.database.execute("INSERT INTO items VALUES (2)");
  }

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void rawTablesWithoutControlTablesAreNotBegunAmong() {
    for (ControlTable table : ControlTable.values()) {
      delete(table.tableName());
    }
    dropSlot();
    for (int run = 0; run < 2; run++) {
      RunReport report = assertIncomplete();
      assertThat(report.error().message()).contains("raw_items", "1 rows");
      assertThat(report.error().remedy()).contains("drop or rename raw_items");
    }
    assertThat(deployment.changelog("raw_items", "id")).containsExactly("r 1");
    delete("raw_items");
    deployment.drain();
    assertThat(deployment.changelog("raw_items", "id")).containsExactly("r 1", "r 2");
  }

  @Test
  void epochsWithoutALedgerAreNotStreamedInto() {
    delete("checkpoints");
    dropSlot();
    assertThat(assertIncomplete().error().remedy()).contains("offsets reset --all");
  }

  @Test
  void aLedgerWithoutEpochsIsNotBegunAnew() {
    delete("epochs");
    assertThat(assertIncomplete().error().remedy()).contains("raw_items");
    assertThat(deployment.changelog("raw_items", "id")).containsExactly("r 1");
  }

  @Test
  void aServerThatHasNotReachedTheLedgerStopsTheRun() {
    Ledger ledger = new Ledger(deployment.controlStore());
    Checkpoint last = ledger.last().orElseThrow();
    Lsn future = new Lsn(last.lsn().value() + (1L << 40));
    ledger.append(last.next(Checkpoint.Kind.STREAM, future, "lost", Instant.now(), 0));
    RunReport report = deployment.run();
    assertThat(report.error()).isNotNull();
    assertThat(report.error().code()).isEqualTo(Failure.LEDGER_AHEAD.code());
    assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(report.error().message()).contains(future.toString(), "restored");
    assertThat(report.error().remedy()).contains("offsets reset --all");
  }

  private RunReport assertIncomplete() {
    RunReport report = deployment.run();
    assertThat(report.error()).isNotNull();
    assertThat(report.error().code()).isEqualTo(Failure.LEDGER_INCOMPLETE.code());
    assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    return report;
  }

  private void delete(String table) {
    deployment.bigquery().delete(TableId.of(Deployment.DATASET, table));
  }

  private void dropSlot() {
    deployment.database.execute("SELECT pg_drop_replication_slot('" + deployment.slot() + "')");
  }
}
