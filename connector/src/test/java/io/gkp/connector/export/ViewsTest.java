package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.TableId;
import io.gkp.connector.cli.Cli;
import io.gkp.sql.run.ModelResult;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The views over the raw tables, which a run keeps in step with them. */
class ViewsTest {
  private static Deployment deployment() {
    Deployment deployment = new Deployment("notes");
    deployment.database.execute(
        "CREATE TABLE notes (id int PRIMARY KEY, body text)",
        "INSERT INTO notes VALUES (1, 'a'), (2, 'b')");
    return deployment;
  }

  private static List<String> done(RunReport report) {
    return report.views().stream()
        .filter(view -> view.outcome() == ModelResult.Outcome.DONE)
        .map(ModelResult::model)
        .toList();
  }

  @Test
  void viewsFollowTheTablesColumnsAndNothingElseIsDoneAboutThem() {
    try (Deployment deployment = deployment()) {
      RunReport first = deployment.drain();
      assertThat(done(first))
          .containsExactly("published_epochs", "latest_notes", "history_notes", "export_freshness");
      assertThat(first.views()).allMatch(view -> view.bytesProcessed() == 0);
      assertThat(deployment.query("SELECT id, body FROM history.latest_notes"))
          .containsExactlyInAnyOrder(List.of("1", "a"), List.of("2", "b"));

      assertThat(deployment.drain().views()).isEmpty();

      deployment.database.execute(
          "ALTER TABLE notes ADD COLUMN more int", "UPDATE notes SET more = 7 WHERE id = 1");
      assertThat(done(deployment.drain())).containsExactly("latest_notes", "history_notes");
      assertThat(deployment.query("SELECT id, more FROM history.latest_notes"))
          .containsExactlyInAnyOrder(List.of("1", "7"), java.util.Arrays.asList("2", null));
      assertThat(deployment.query("SELECT more FROM history.history_notes WHERE is_current"))
          .hasSize(2);

      deployment.bigquery().delete(TableId.of(Deployment.DATASET, "history_notes"));
      assertThat(done(deployment.drain())).containsExactly("history_notes");
      deployment.models();
      assertThat(deployment.drain().views()).isEmpty();
    }
  }

  @Test
  void beforeTheFirstSnapshotIsCompleteTheViewsAreEmpty() {
    try (Deployment deployment = deployment().withMaxDuration(Duration.ZERO)) {
      RunReport cut = deployment.run();
      assertThat(cut.status()).isEqualTo(RunReport.Status.STOPPED_EARLY);
      assertThat(done(cut))
          .isEqualTo(
              deployment.tableNames("raw_").isEmpty()
                  ? List.of()
                  : List.of(
                      "published_epochs", "latest_notes", "history_notes", "export_freshness"));
      deployment.withMaxDuration(Duration.ofMinutes(5));
      deployment.drain();
      assertThat(deployment.query("SELECT id FROM history.latest_notes")).hasSize(2);
    }
  }

  @Test
  void aViewThatCannotBeIsSaidAndTheRowsAreIn() {
    try (Deployment deployment = deployment()) {
      deployment.drain();
      deployment.sql("DROP VIEW history.latest_notes");
      deployment.sql("CREATE TABLE history.latest_notes (id INT64)");
      deployment.database.execute("UPDATE notes SET body = 'c' WHERE id = 1");
      Cli run = Cli.run(deployment, "export-bigquery", "--output", "json");
      assertThat(run.code()).isNotZero();
      assertThat(run.json().get("status").asText()).isEqualTo("drained");
      assertThat(run.json().at("/warnings/0/what").asText()).contains("View latest_notes");
      assertThat(deployment.changelog("raw_notes", "id")).contains("u 1");

      deployment.sql("DROP TABLE history.latest_notes");
      assertThat(Cli.run(deployment, "export-bigquery").out()).contains("latest_notes");
      deployment.requireEqual("notes", "id", "body");
    }
  }

  @Test
  void aTableWithoutAKeyHasNoLatestState() {
    try (Deployment deployment = new Deployment("lines")) {
      deployment.database.execute(
          "CREATE TABLE lines (line text)", "ALTER TABLE lines REPLICA IDENTITY FULL");
      Cli run = Cli.run(deployment, "export-bigquery");
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.out()).contains("no latest_lines: lines has no primary key");
    }
  }

  /** A table that is restored from a copy comes without its constraint. */
  @Test
  void aRawTableThatLostItsKeyGetsItBack() {
    try (Deployment deployment = deployment()) {
      deployment.drain();
      deployment.sql("ALTER TABLE history.raw_notes DROP PRIMARY KEY");
      deployment.database.execute("UPDATE notes SET body = 'c' WHERE id = 1");
      Cli run = Cli.run(deployment, "export-bigquery", "--output", "json");
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(run.json().at("/warnings/0/check").asText()).isEqualTo("raw-key");
      deployment.requireEqual("notes", "id", "body");
      assertThat(deployment.drain().warnings()).isEmpty();
    }
  }

  @Test
  void aColumnThatSomebodyDroppedFromARawTableIsMissed() {
    try (Deployment deployment = deployment()) {
      deployment.database.execute("ALTER TABLE notes ADD COLUMN stars int");
      deployment.drain();
      deployment.database.execute("ALTER TABLE notes ADD COLUMN later int");
      assertThat(deployment.drain().warnings()).isEmpty();
      deployment.sql("ALTER TABLE history.raw_notes DROP COLUMN body");
      deployment.database.execute("INSERT INTO notes VALUES (9, 'nine')");
      assertThat(deployment.drain().warnings().toString())
          .contains("raw_notes has lost columns that its rows had: body.", "--table notes");
      assertThat(Cli.run(deployment, "offsets", "reset", "--table", "notes", "--yes").code())
          .isZero();
      deployment.drain();
      deployment.requireEqual("notes", "id", "body");
      assertThat(deployment.drain().warnings()).isEmpty();
    }
  }

  @Test
  void viewsCanBeDeclined() {
    try (Deployment deployment = deployment()) {
      Cli run = Cli.run(deployment, "export-bigquery", "--no-views");
      assertThat(run.code()).as(run.err()).isZero();
      assertThat(deployment.tableNames("latest_")).isEmpty();
      assertThat(Cli.run(deployment, "export-bigquery").code()).isZero();
      assertThat(deployment.tableNames("latest_")).containsExactly("latest_notes");
    }
  }
}
