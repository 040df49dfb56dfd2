package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import io.gkp.testing.TestPostgres;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A database whose triggers refuse the export is neither a pooler nor a defect of the export. */
class EventTriggersTest {
  private static final String REFUSES =
      "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS"
          + " $$BEGIN IF session_user LIKE %s THEN RAISE 'not you, said row 4711'; END IF; END$$";

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void whoMayNotChangeThePublicationIsToldWhatDoes(int version) {
    try (Deployment deployment = Deployment.on(TestPostgres.version(version), "t").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          REFUSES.formatted("'%'"),
          "CREATE EVENT TRIGGER guard ON ddl_command_start"
              + " WHEN TAG IN ('CREATE PUBLICATION', 'ALTER PUBLICATION')"
              + " EXECUTE FUNCTION refuse()");
      requireRefused(deployment.run());
      deployment.database.execute("ALTER EVENT TRIGGER guard DISABLE");
      deployment.drain();
    }
  }

  @Test
  void whoMayNotLogInIsNotToldOfAPooler() {
    try (Deployment deployment = Deployment.on(TestPostgres.version(18), "t").withoutViews()) {
      String role = "refused_" + deployment.database.name();
      deployment.database.execute(
          "CREATE TABLE t (id int PRIMARY KEY)",
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'secret'",
          REFUSES.formatted("'refused%'"),
          "CREATE EVENT TRIGGER guard ON login EXECUTE FUNCTION refuse()",
          "ALTER EVENT TRIGGER guard ENABLE ALWAYS");
      requireRefused(deployment.through(deployment.database.urlAs(role, "secret")).run());
      deployment.database.execute("DROP EVENT TRIGGER guard", "DROP ROLE " + role);
    }
  }

  private static void requireRefused(RunReport report) {
    assertThat(report.error().code()).isEqualTo(Failure.REFUSED_BY_TRIGGER.code());
    assertThat(report.exitCode()).isEqualTo(ExitCode.CONFIGURATION);
    assertThat(report.error().message()).contains("trigger").doesNotContain("4711");
    assertThat(report.error().remedy()).contains("pg_event_trigger", "doctor --fix-sql");
  }
}
