package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.util.List;
import org.junit.jupiter.api.Test;

class SnapshotAfterCrashTest {
  @Test
  void aSnapshotDoesNotTakeTheNumberOfABatchThatIsHalfLoaded() {
    Wire wire = new Wire();
    try (Deployment deployment = new Deployment(List.of(wire), "items", "other").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY)",
          "CREATE TABLE other (id int PRIMARY KEY)",
          "CREATE TABLE later (id int PRIMARY KEY)",
          "INSERT INTO later VALUES (1)");
      deployment.drain();
      deployment.database.execute(
          "INSERT INTO items VALUES (1)", "INSERT INTO other VALUES (1), (2)");
      // Of this run's batch one table's rows are loaded, and only then the other's are refused.
      wire.always(
          call -> call.is(Call.Kind.UPLOAD) && call.isPart("raw_items", 0),
          (call, chain) -> {
            await().until(() -> deployment.raw("raw_other").size() == 2);
            Fault.corrupt().apply(call, chain);
          });
      assertThat(deployment.run().status()).isEqualTo(RunReport.Status.FAILED);
      wire.calm();

      deployment.capture("items", "other", "later");
      assertThat(Cli.run(deployment, "offsets", "reset", "--table", "items", "--yes").code())
          .isZero();
      RunReport run = deployment.drain();

      assertThat(deployment.changelog("raw_other", "_cdc_epoch", "id"))
          .containsExactly("c 1 1", "c 1 2");
      assertThat(deployment.changelog("raw_items", "_cdc_epoch", "id"))
          .containsExactly("c 1 1", "r 2 1");
      assertThat(deployment.changelog("raw_later", "_cdc_epoch", "id")).containsExactly("r 1 1");
      assertThat(run.tables().get("items").inserts()).isEqualTo(1);
      assertThat(run.tables().get("items").snapshotRows()).isEqualTo(1);
    }
  }
}
