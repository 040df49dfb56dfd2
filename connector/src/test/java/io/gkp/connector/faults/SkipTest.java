package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.wire.Call;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A transaction that no run gets past is left out, by an operator who has been shown it. */
class SkipTest {
  private final Wire wire = new Wire();
  private final Deployment deployment =
      new Deployment(List.of(wire), "items", "other").withoutViews();

  @AfterEach
  void close() {
    deployment.close();
  }

  @Test
  void exactlyTheNextTransactionIsLeftOutAndWhatWasHalfLoadedComesOnce() {
    noRunGetsPastThePoison();
    String xid = theNextTransactionIsShown();
    nothingElseIsSkipped(xid);
    itIsSkipped(xid);
    allElseComesOnce(xid);
  }

  /** Of the batch that it is in, another table's part is loaded. */
  private void noRunGetsPastThePoison() {
    deployment.database.execute(
        "CREATE TABLE items (id int PRIMARY KEY, name text)",
        "CREATE TABLE other (id int PRIMARY KEY)");
    deployment.drain();
    deployment.database.execute(
        "BEGIN; INSERT INTO items VALUES (1, 'poison'), (2, 'poison'); COMMIT",
        "INSERT INTO other VALUES (1)",
        "INSERT INTO items VALUES (3, 'good')");
    wire.always(
        call -> call.is(Call.Kind.UPLOAD) && call.isPart("raw_items", 0),
        (call, chain) -> {
          await().until(() -> deployment.raw("raw_other").size() == 1);
          Fault.corrupt().apply(call, chain);
        });
    assertThat(deployment.run().status()).isEqualTo(RunReport.Status.FAILED);
    assertThat(deployment.raw("raw_other")).hasSize(1);
    wire.calm();
  }

  private String theNextTransactionIsShown() {
    JsonNode next = Cli.run(deployment, "offsets", "skip", "--output", "json").json();
    assertThat(next.get("skipped").asBoolean()).isFalse();
    assertThat(next.at("/changes/items").asLong()).isEqualTo(2);
    return next.get("transaction").asText();
  }

  private void nothingElseIsSkipped(String xid) {
    Cli other = Cli.run(deployment, "offsets", "skip", "--transaction", "1", "--yes");
    assertThat(other.code()).isEqualTo(64);
    assertThat(other.err()).contains("The next transaction is " + xid + ", not 1", "[GKP-006]");
    Cli unconfirmed = Cli.run(deployment, "offsets", "skip", "--transaction", xid);
    assertThat(unconfirmed.code()).isEqualTo(64);
  }

  private void itIsSkipped(String xid) {
    Cli skipped =
        Cli.run(deployment, "offsets", "skip", "--transaction", xid, "--yes", "--reason", "poison");
    assertThat(skipped.err()).isEmpty();
    assertThat(skipped.out()).contains("SKIPPED transaction " + xid, "items: 2 changes");
    assertThat(deployment.raw("raw_other")).isEmpty();
  }

  private void allElseComesOnce(String xid) {
    deployment.drain();
    assertThat(deployment.changelog("raw_items", "id")).containsExactly("c 3");
    assertThat(deployment.changelog("raw_other", "id")).containsExactly("c 1");
    assertThat(Cli.run(deployment, "offsets", "history").out())
        .contains("skip       done", "transaction " + xid, "because poison", "2 rows");
  }
}
