package io.gkp.connector.cli.offsets;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.offsets.Request;
import io.gkp.offsets.Requests;
import java.sql.Connection;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class OffsetsCommandTest {
  private static final String ITEMS = "CREATE TABLE items (id int PRIMARY KEY, name text)";
  private static final String THREE =
      "INSERT INTO items VALUES (1, 'one'), (2, 'two'), (3, 'three')";

  @Test
  void nothingIsConnectedToUnlessEnabled() {
    Cli cli = Cli.run("offsets", "show", "--project", "p", "--dataset", "d");
    assertThat(cli.code()).isEqualTo(78);
    assertThat(cli.err()).contains("GKP_EXPORT_ENABLED=true", "[GKP-002]");
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void aRefusalIsJsonWhereJsonWasAskedFor() {
    JsonNode export = Cli.run("export-bigquery", "--output", "json").json();
    assertThat(export.at("/status").asText()).isEqualTo("failed");
    assertThat(export.at("/caught_up").asBoolean()).isFalse();
    assertThat(export.at("/error/code").asText()).isEqualTo("GKP-002");
    assertThat(export.at("/error/exit_code").asInt()).isEqualTo(78);

    for (String command : new String[] {"offsets show", "doctor", "models run"}) {
      String[] words = (command + " --project p --dataset d --output json").split(" ");
      assertThat(Cli.run(words).json().at("/error/code").asText()).isEqualTo("GKP-002");
    }
    Cli incomplete = Cli.run("models", "run", "--project", "p", "--output", "json");
    assertThat(incomplete.json().at("/error/exit_code").asInt()).isEqualTo(78);
    assertThat(incomplete.json().at("/error/message").asText()).contains("--dataset");
  }

  @Test
  void showsWhereTheExportStands() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute(ITEMS, THREE);
      String fence = deployment.drain().fenceLsn();
      deployment.database.execute("UPDATE items SET name = 'uno' WHERE id = 1");
      String second = deployment.drain().runId();

      JsonNode show = Cli.run(deployment, "offsets", "show", "--output", "json").json();

      assertThat(show.at("/checkpoint/n").asLong()).isEqualTo(3);
      assertThat(show.at("/checkpoint/kind").asText()).isEqualTo("fence");
      assertThat(show.at("/checkpoint/lsn").asText()).isNotEqualTo(fence);
      assertThat(show.at("/slot/confirmed_lsn").asText())
          .isEqualTo(show.at("/checkpoint/lsn").asText());
      assertThat(show.at("/slot/state").asText()).isEqualTo("reserved");
      assertThat(show.at("/slot/run").isNull()).isTrue();
      assertThat(show.at("/lag/bytes").asLong()).isNotNegative().isLessThan(16 << 20);
      assertThat(show.at("/lag/seconds").asLong()).isBetween(0L, 60L);
      assertThat(show.at("/wal/retained_bytes").asLong()).isPositive();
      assertThat(show.at("/wal/limit_bytes").isNull()).isTrue();
      JsonNode items = show.at("/tables/items");
      assertThat(items.at("/epoch").asLong()).isEqualTo(1);
      assertThat(items.at("/state").asText()).isEqualTo("completed");
      assertThat(items.at("/snapshot_rows").asLong()).isEqualTo(3);
      assertThat(items.at("/raw_rows").asLong()).isEqualTo(4);
      assertThat(items.at("/last_change_at").asText()).isNotEmpty();
      assertThat(items.at("/last_run/run_id").asText()).isEqualTo(second);

      Cli text = Cli.run(deployment, "offsets", "show");
      assertThat(text.code()).isZero();
      assertThat(text.out()).contains("checkpoint  0/", "completed", "complete    as of 2");
    }
  }

  @Test
  void aTableResetIsQueuedConfirmedAndTakenByTheNextRun() throws Exception {
    try (Deployment deployment = new Deployment("items", "other").withoutViews()) {
      deployment.database.execute(ITEMS, THREE, "CREATE TABLE other (id int PRIMARY KEY)");
      deployment.drain();

      Cli dryRun =
          Cli.run(deployment, "offsets", "reset", "--table", "items", "--dry-run", "--output=json");
      assertThat(dryRun.code()).isZero();
      assertThat(dryRun.json().at("/tables/0/table").asText()).isEqualTo("items");
      assertThat(dryRun.json().at("/tables/0/estimated_rows").asLong()).isEqualTo(3);
      assertThat(dryRun.json().at("/tables/0/bytes").asLong()).isPositive();
      assertThat(dryRun.json().at("/tables/0/seconds").asLong(-1)).isNotNegative();
      assertThat(Cli.run(deployment, "offsets", "reset", "--all", "--dry-run").out())
          .contains("items: about 3 rows", "by the last snapshot's rate", "slot is dropped")
          .contains("Nothing was changed");

      Cli unconfirmed = Cli.run(deployment, "offsets", "reset", "--table", "items");
      assertThat(unconfirmed.code()).isEqualTo(64);
      assertThat(unconfirmed.err()).contains("--yes", "[GKP-004]");

      try (Connection run = deployment.database.connect()) {
        new ReplicationSlot(run, deployment.slot()).lock();
        Cli queued =
            Cli.run(
                deployment, "offsets", "reset", "--table", "items", "--yes", "--reason", "drift");
        assertThat(queued.code()).isZero();
        assertThat(queued.out()).contains("epoch 2 is requested", "A run is going (pid ");
      }
      Cli again = Cli.run(deployment, "offsets", "reset", "--table", "items", "--yes");
      assertThat(again.out()).contains("epoch 2 had been requested already");
      assertThat(
              Cli.run(deployment, "offsets", "show", "--output", "json")
                  .json()
                  .at("/pending/0/kind")
                  .asText())
          .isEqualTo("reset");

      deployment.drain();

      assertThat(deployment.changelog("raw_items", "_cdc_epoch", "id"))
          .containsExactly("r 1 1", "r 1 2", "r 1 3", "r 2 1", "r 2 2", "r 2 3");
      assertThat(deployment.latest("items", "id")).containsExactly("1", "2", "3");
      JsonNode history =
          Cli.run(deployment, "offsets", "history", "--output", "json").json().get("events");
      JsonNode reset =
          history.findParents("why").stream()
              .filter(event -> "drift".equals(event.get("why").asText()))
              .findFirst()
              .orElseThrow();
      assertThat(reset.get("what").asText()).isEqualTo("reset");
      assertThat(reset.get("who").asText()).contains("@");
      assertThat(Cli.run(deployment, "offsets", "history").out()).contains("because drift");
    }
  }

  @Test
  void aRequestDuringTheVeryFirstSnapshotDoesNotHideThatSnapshot() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute(ITEMS, THREE);
      deployment.drain();
      Cli.run(deployment, "offsets", "reset", "--table", "items", "--yes");
      assertThat(deployment.latest("items", "id")).containsExactly("1", "2", "3");
    }
  }

  @Test
  void mistakesAreNamedBeforeAnythingIsRecorded() {
    try (Deployment deployment = new Deployment("items", "keyless", "pairs").withoutViews()) {
      deployment.database.execute(
          ITEMS,
          "CREATE TABLE keyless (id int)",
          "ALTER TABLE keyless REPLICA IDENTITY FULL",
          "CREATE TABLE pairs (a int, b int, PRIMARY KEY (a, b))");
      deployment.drain();
      expect(deployment, 78, "not captured", "reset", "--table", "nobody");
      expect(deployment, 78, "not captured", "backfill", "--table", "nobody", "--where", "true");
      expect(deployment, 64, "does not exist", "backfill", "--table", "items", "--where", "idd=1");
      expect(deployment, 64, "syntax error", "backfill", "--table", "items", "--where", "id = = 1");
      expect(deployment, 64, "semicolon", "backfill", "--table", "items", "--where", "true; DROP");
      expect(
          deployment, 64, "Did you mean name?", "backfill", "--table", "items", "--since", "nam=x");
      expect(deployment, 64, "SQLSTATE 22P02", "backfill", "--table", "items", "--keys", "one");
      expect(deployment, 64, "2 columns (a, b)", "backfill", "--table", "pairs", "--keys", "1");
      expect(deployment, 78, "no primary key", "backfill", "--table", "keyless", "--where", "true");
      expect(deployment, 64, "Missing required", "backfill", "--table", "items");
      expect(deployment, 64, "no terminal", "backfill", "--table", "items", "--where", "true");
      assertThat(Cli.run(deployment, "offsets", "show", "--output", "json").json().get("pending"))
          .isEmpty();
    }
  }

  private static void expect(Deployment deployment, int code, String words, String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "offsets";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    Cli cli = Cli.run(deployment, all);
    assertThat(cli.err()).contains(words);
    assertThat(cli.code()).isEqualTo(code);
  }

  @Test
  void aBackfillIsCountedQueuedAndReadByTheNextRun() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute(ITEMS, THREE);
      deployment.drain();

      Cli plan =
          Cli.run(
              deployment,
              "offsets",
              "backfill",
              "--table=items",
              "--since=id=2",
              "--dry-run",
              "--output=json");
      assertThat(plan.json().get("estimated_rows").asLong()).isPositive();
      assertThat(plan.json().get("seconds").asLong(-1)).isNotNegative();
      assertThat(plan.json().get("condition").asText()).isEqualTo("\"id\" >= '2'");

      Cli queued =
          Cli.run(
              deployment,
              "offsets",
              "backfill",
              "--table",
              "items",
              "--keys",
              "1,3",
              "--yes",
              "--output=json");
      String id = queued.json().get("request_id").asText();
      deployment.drain();

      assertThat(deployment.changelog("raw_items", "id"))
          .containsExactly("r 1", "r 2", "r 3", "r 1", "r 3");
      JsonNode event =
          Cli.run(deployment, "offsets", "history", "--output", "json")
              .json()
              .get("events")
              .findParents("id")
              .stream()
              .filter(e -> id.equals(e.get("id").asText()))
              .findFirst()
              .orElseThrow();
      assertThat(event.get("outcome").asText()).isEqualTo("done");
      assertThat(event.get("rows").asLong()).isEqualTo(2);
      assertThat(event.get("load_jobs")).hasSize(1);
    }
  }

  @Test
  void aWaitingBackfillIsWithdrawnAndNothingElseIs() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute(ITEMS, THREE);
      deployment.drain();
      Requests requests = new Requests(deployment.controlStore());
      requests.record(
          Request.of(
              "waiting",
              Request.Kind.BACKFILL,
              "items",
              "true; DROP\u001b[2J",
              Instant.now(),
              "somebody",
              null));
      requests.record(
          Request.of(
              "begun",
              Request.Kind.RESET_ALL,
              null,
              null,
              Instant.now(),
              "somebody",
              "to be finished"));

      assertThat(Cli.run(deployment, "offsets", "show").out())
          .contains("true; DROP?[2J", ": waiting");
      expect(deployment, 64, "Did you mean waiting?", "cancel", "--request", "wating", "--yes");
      expect(deployment, 64, "has been begun", "cancel", "--request", "begun", "--yes");
      expect(deployment, 64, "no terminal", "cancel", "--request", "waiting");
      Cli plan = Cli.run(deployment, "offsets", "cancel", "--request", "waiting", "--dry-run");
      assertThat(plan.out()).contains("where true; DROP?[2J", "Nothing was changed");
      assertThat(requests.pending(Request.Kind.BACKFILL)).hasSize(1);

      Cli cancelled =
          Cli.run(
              deployment,
              "offsets",
              "cancel",
              "--request=waiting",
              "--yes",
              "--reason=wrong",
              "--output=json");
      assertThat(cancelled.json().get("state").asText()).isEqualTo("cancelled");
      expect(deployment, 64, "it is cancelled", "cancel", "--request", "waiting", "--yes");
      assertThat(requests.pending(Request.Kind.BACKFILL)).isEmpty();
      assertThat(Cli.run(deployment, "offsets", "history").out())
          .containsPattern("backfill +cancelled .*waiting by .* because wrong");
    }
  }

  @Test
  void theTablesOfARunStandTogether() {
    try (Deployment deployment = new Deployment("items", "notes").withoutViews()) {
      deployment.database.execute(ITEMS, "CREATE TABLE notes (id int PRIMARY KEY)");
      deployment.drain();
      assertThat(Cli.run(deployment, "offsets", "history").out())
          .containsOnlyOnce("  run  ")
          .containsPattern("schema +changed +raw_items: new table");
    }
  }

  @Test
  void conditionsAreEvaluatedAsTheRoleThatIsGiven() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute(
          ITEMS, THREE, "DROP ROLE IF EXISTS of_backfills", "CREATE ROLE of_backfills");
      deployment.drain();
      String[] backfill = {"backfill", "--table=items", "--keys=2", "--yes", "--backfill-role"};
      expect(deployment, 78, "cannot be taken", and(backfill, "nobody_there"));
      expect(deployment, 78, "superuser", and(backfill, "postgres"));
      expect(deployment, 78, "superuser", and(backfill, "none"));
      expect(deployment, 77, "permission denied", and(backfill, "of_backfills"));
      deployment.database.execute("GRANT SELECT ON items TO of_backfills");
      expect(deployment, 0, "", and(backfill, "of_backfills"));

      Cli run = Cli.run(deployment, "export-bigquery", "--backfill-role=of_backfills");

      assertThat(run.code()).as(run.err()).isZero();
      assertThat(deployment.changelog("raw_items", "id"))
          .containsExactly("r 1", "r 2", "r 3", "r 2");
      deployment.database.execute("DROP OWNED BY of_backfills", "DROP ROLE of_backfills");
    }
  }

  private static String[] and(String[] arguments, String more) {
    return Stream.concat(Arrays.stream(arguments), Stream.of(more)).toArray(String[]::new);
  }
}
