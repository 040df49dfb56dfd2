package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** {@code export-bigquery --refresh-models}. */
class RefreshModelsTest {
  private final Deployment deployment = new Deployment("notes");

  @BeforeEach
  void create() {
    deployment.database.execute(
        "CREATE TABLE notes (id int PRIMARY KEY, body text)", "INSERT INTO notes VALUES (1, 'a')");
  }

  @AfterEach
  void close() {
    deployment.close();
  }

  @Test
  void aRunThatDrainedRefreshesTheModels() {
    Cli run = Cli.run(deployment, "export-bigquery", "--refresh-models", "--fold", "always");
    assertThat(run.code()).as(run.err()).isZero();
    assertThat(run.err()).contains("  state_notes: refreshed", "  latest_notes: refreshed");
    assertThat(deployment.rows("state_notes")).hasSize(1);

    deployment.database.execute("UPDATE notes SET body = 'b'");
    Cli next = Cli.run(deployment, "export-bigquery", "--refresh-models", "--output", "json");
    assertThat(next.code()).as(next.err()).isZero();
    assertThat(next.json().get("status").asText()).isEqualTo("drained");
    assertThat(deployment.latest("notes", "id", "body")).containsExactly("1 b");
  }

  @Test
  void aRunThatFailedLeavesThemAlone() {
    deployment.drain();
    deployment.database.execute("SELECT pg_drop_replication_slot('" + deployment.slot() + "')");

    Cli run = Cli.run(deployment, "export-bigquery", "--refresh-models");
    assertThat(run.code()).isEqualTo(78);
    assertThat(run.err()).contains("GKP-202").doesNotContain("refreshed");
    assertThat(deployment.tableNames("latest_")).isEmpty();
  }

  @Test
  void whatIsWrongWithAModelIsTheCommandsOutcomeButNotTheRuns() {
    deployment.drain();
    deployment.sql("CREATE TABLE history.latest_notes (id INT64)"); // where the view wants to be

    Cli run = Cli.run(deployment, "export-bigquery", "--refresh-models", "--output", "json");
    assertThat(run.code()).isNotZero();
    assertThat(run.err()).contains("latest_notes: failed");
    assertThat(run.json().get("status").asText()).isEqualTo("drained");
    assertThat(deployment.raw("raw_notes")).extracting(Map::keySet).hasSize(1);
  }
}
