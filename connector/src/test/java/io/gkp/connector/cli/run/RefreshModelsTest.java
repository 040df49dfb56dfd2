package io.gkp.connector.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.QueryJobConfiguration;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import java.util.Map;
import java.util.stream.StreamSupport;
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
  void anIdleRunRefreshesNothingUntilSomethingComesOrAModelIsGone() {
    refresh();
    long before = queries();
    assertThat(refresh().err()).contains("nothing has changed").doesNotContain("refreshed");
    // The run's own look at its ledger; no model, no check.
    deployment.drain();
    long ofARunAlone = queries();
    deployment.drain();
    ofARunAlone = queries() - ofARunAlone;
    assertThat(queries() - before).isEqualTo(3 * ofARunAlone);

    deployment.database.execute("UPDATE notes SET body = 'b'");
    assertThat(refresh().err()).contains("latest_notes: refreshed");
    assertThat(refresh().err()).contains("nothing has changed");
    deployment.sql("DROP VIEW history.history_notes");
    assertThat(refresh().code()).isZero();
    assertThat(deployment.tableNames("history_")).containsExactly("history_notes");
  }

  private Cli refresh() {
    Cli run = Cli.run(deployment, "export-bigquery", "--refresh-models");
    assertThat(run.code()).as(run.err()).isZero();
    return run;
  }

  private long queries() {
    return StreamSupport.stream(deployment.bigquery().listJobs().iterateAll().spliterator(), false)
        .filter(job -> job.getConfiguration() instanceof QueryJobConfiguration)
        .count();
  }

  @Test
  void aRunThatFailedLeavesThemAlone() {
    deployment.drain();
    deployment.database.execute("SELECT pg_drop_replication_slot('" + deployment.slot() + "')");

    Cli run = Cli.run(deployment, "export-bigquery", "--refresh-models");
    assertThat(run.code()).isEqualTo(78);
    assertThat(run.err()).contains("GKP-202").doesNotContain("refreshed");
    assertThat(deployment.tableNames("state_")).isEmpty();
  }

  @Test
  void whatIsWrongWithAModelIsTheCommandsOutcomeButNotTheRuns() {
    deployment.drain();
    deployment.sql("DROP VIEW history.latest_notes");
    deployment.sql("CREATE TABLE history.latest_notes (id INT64)"); // where the view wants to be

    Cli run = Cli.run(deployment, "export-bigquery", "--refresh-models", "--output", "json");
    assertThat(run.code()).isNotZero();
    assertThat(run.err()).contains("latest_notes: failed");
    assertThat(run.json().at("/warnings/0/what").asText()).contains("View latest_notes");
    assertThat(run.json().get("status").asText()).isEqualTo("drained");
    assertThat(deployment.raw("raw_notes")).extracting(Map::keySet).hasSize(1);
  }
}
