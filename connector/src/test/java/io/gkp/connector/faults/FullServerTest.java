package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.source.ConnectionChecks;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Passing trouble at the login is told from a wrong configuration. */
class FullServerTest {
  private final Deployment deployment = new Deployment("items").withoutViews();

  @BeforeEach
  void start() {
    deployment.database.execute(
        "CREATE TABLE items (id int PRIMARY KEY)",
        "DROP ROLE IF EXISTS crowded",
        "CREATE ROLE crowded LOGIN REPLICATION PASSWORD 'secret'",
        "GRANT SELECT ON items TO crowded");
  }

  @AfterEach
  void end() {
    deployment.database.execute("DROP OWNED BY crowded", "DROP ROLE crowded");
    deployment.close();
  }

  @Test
  void aServerThatHasNoConnectionLeftIsUnavailableForNow() {
    deployment.database.execute("ALTER ROLE crowded CONNECTION LIMIT 0");
    RunReport report = deployment.through(deployment.database.urlAs("crowded", "secret")).run();
    assertThat(report.error().code()).isEqualTo(Failure.SOURCE_UNREACHABLE.code());
    assertThat(report.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(report.error().message()).contains("too many connections");
    assertThat(report.error().remedy()).contains("CONNECTION LIMIT");
  }

  @Test
  void aRunFitsIntoTheConnectionsThatItIsSaidToNeed() {
    deployment.database.execute(
        "ALTER ROLE crowded CONNECTION LIMIT " + ConnectionChecks.NEEDED,
        "CREATE PUBLICATION gkp_export FOR TABLE items WITH (publish_via_partition_root)",
        "INSERT INTO items VALUES (1)");
    deployment.through(deployment.database.urlAs("crowded", "secret")).drain();
    deployment.database.execute("INSERT INTO items VALUES (2)");
    deployment.drain();
    assertThat(deployment.changelog("raw_items", "id")).containsExactly("r 1", "c 2");
  }

  @Test
  void doctorCountsTheConnectionsThatARunNeeds() {
    deployment.database.execute("ALTER ROLE crowded CONNECTION LIMIT 4");
    deployment.through(deployment.database.urlAs("crowded", "secret"));
    assertThat(Cli.run(deployment, "doctor", "--all").out())
        .contains("role crowded may have 4 more connections")
        .contains("ALTER ROLE \"crowded\" CONNECTION LIMIT");
    Cli.run(deployment, "doctor", "--fix-sql")
        .out()
        .lines()
        .filter(line -> line.startsWith("ALTER ROLE \"crowded\" CONNECTION"))
        .forEach(deployment.database::execute);
    assertThat(Cli.run(deployment, "doctor").out()).doesNotContain("connections-left");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sslmode=no-such-mode", "connectTimeout=soon"})
  void anOptionThatIsWrongIsNoNetworkTrouble(String option) {
    deployment.through(deployment.database.url() + "?" + option);
    Cli run = Cli.run(deployment, "export-bigquery");
    assertThat(run.code()).as(run.err()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(run.err()).doesNotContain(Failure.SOURCE_UNREACHABLE.code());
  }
}
