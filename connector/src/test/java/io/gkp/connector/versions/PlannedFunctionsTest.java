package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.Failure;
import io.gkp.testing.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Functions of others do not run with the export's rights, wherever they hide. */
class PlannedFunctionsTest {
  private static final String[] PLACES = {
    "indexed", "chosen", "checked", "counted", "generated", "leaf", "key", "casted"
  };

  private final List<String> slots = new ArrayList<>();

  @Test
  void noCommandRunsAFunctionOfATablesOwner() {
    try (Deployment deployment = Deployment.on(TestPostgres.version(18), "t", "p", "q", "c")) {
      String role = "exporter_" + deployment.database.name();
      String owner = "owner_" + deployment.database.name();
      deployment.database.execute(
          "CREATE ROLE " + owner,
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'pw'",
          "ALTER ROLE " + role + " SET constraint_exclusion = on");
      for (String place : PLACES) {
        createFunction(deployment, place, role, owner);
      }
      deployment.database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, v text, x text,"
              + " g int GENERATED ALWAYS AS (id + generated()) STORED)",
          "CREATE INDEX ON t ((id + indexed()))",
          "CREATE INDEX ON t (id) WHERE id > chosen()",
          "ALTER TABLE t ADD CHECK (id > checked() - 10)",
          "CREATE STATISTICS s ON (id + counted()), v FROM t",
          "INSERT INTO t SELECT n, 'v' || n, 'x' FROM generate_series(1, 20) n",
          "CREATE TABLE p (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
          "CREATE TABLE p_low PARTITION OF p FOR VALUES FROM (0) TO (100)",
          "CREATE TABLE p_high (v text, id int NOT NULL)",
          "ALTER TABLE p ATTACH PARTITION p_high FOR VALUES FROM (100) TO (200)",
          "ALTER TABLE p_low ADD CHECK (id > leaf() - 10)",
          "CREATE INDEX ON p_high ((id + leaf()))",
          "INSERT INTO p VALUES (1, 'low'), (101, 'high')",
          "CREATE TABLE q (id int, v text) PARTITION BY RANGE ((id + key()))",
          "CREATE TABLE q_all PARTITION OF q DEFAULT",
          "INSERT INTO q VALUES (1, 'q')",
          "CREATE TYPE mood AS ENUM ('good', 'bad')",
          "ALTER TYPE mood OWNER TO " + owner,
          "CREATE FUNCTION text_of(mood) RETURNS text LANGUAGE sql IMMUTABLE"
              + " AS 'SELECT casted()::text'",
          "ALTER FUNCTION text_of(mood) OWNER TO " + owner,
          "CREATE CAST (mood AS text) WITH FUNCTION text_of(mood) AS IMPLICIT",
          "CREATE TABLE c (id mood PRIMARY KEY, v text)",
          "INSERT INTO c VALUES ('good', 'c')",
          "CREATE PUBLICATION gkp_export FOR TABLE t, p, q, c"
              + " WITH (publish_via_partition_root = true)",
          "GRANT SELECT (id, v) ON t TO " + role,
          "GRANT SELECT ON p, p_low, p_high, q, q_all, c TO " + role);
      deployment.through(deployment.database.urlAs(role, "pw"));
      deployment.protect(List.of("t.x"), List.of(), null);

      deployment.drain();
      assertUntouched(deployment);
      deployment.database.execute(
          "UPDATE t SET v = 'new' WHERE id = 1",
          "VACUUM FULL t",
          "CREATE TABLE p_more PARTITION OF p FOR VALUES FROM (200) TO (300)",
          "INSERT INTO p VALUES (201, 'more')",
          "CREATE TABLE p_come (v text, id int NOT NULL)",
          "INSERT INTO p_come VALUES ('come', 301)",
          "ALTER TABLE p ATTACH PARTITION p_come FOR VALUES FROM (300) TO (400)",
          "GRANT SELECT ON p_more, p_come TO " + role);
      deployment.drain();
      deployment.requireEqual("t", "id", "v");
      deployment.requireEqual("p", "id", "v");
      assertThat(Cli.run(deployment, "verify").code()).isZero();
      assertThat(
              Cli.run(deployment, "verify", "--table=t", "--where=v > 'a'").err()
                  + Cli.run(deployment, "verify", "--table=c", "--sample=50%").out())
          .contains("indexed()", "text_of(");
      for (String table : List.of("t", "p", "c")) {
        assertThat(
                Cli.run(
                        deployment,
                        "offsets",
                        "backfill",
                        "--table=" + table,
                        "--where=v = 'c'",
                        "--dry-run")
                    .err())
            .contains(Failure.PLANNED_FUNCTIONS.code(), "of role " + owner);
      }
      Cli.run(deployment, "offsets", "reset", "--all", "--dry-run");
      assertThat(Cli.run(deployment, "doctor").out())
          .contains("planned-functions", "public.indexed()", "public.text_of(public.mood)");
      assertUntouched(deployment);

      deployment.database.execute("REVOKE SELECT ON p_low FROM " + role);
      Cli.run(deployment, "offsets", "reset", "--table=p", "--yes");
      RunReport putOff = deployment.run();
      assertThat(putOff.status()).isEqualTo(RunReport.Status.STOPPED_EARLY);
      Finding finding =
          putOff.warnings().stream()
              .filter(warning -> warning.check().equals("planned-functions"))
              .findFirst()
              .orElseThrow();
      assertThat(finding.why()).contains("ALTER FUNCTION public.leaf() OWNER TO postgres;");
      assertUntouched(deployment);
      deployment.database.execute("ALTER FUNCTION leaf() OWNER TO postgres");
      deployment.database.execute(
          "CREATE OR REPLACE FUNCTION leaf() RETURNS int LANGUAGE sql AS 'SELECT 1' IMMUTABLE");
      deployment.drain();
      deployment.requireEqual("p", "id", "v");
      theScriptGivesThemToSomebody(deployment, role);
    }
  }

  /** Where nobody has the superuser's rights, to the export itself. */
  private static void theScriptGivesThemToSomebody(Deployment deployment, String role) {
    deployment.database.execute("CREATE ROLE cloudsqlsuperuser");
    try {
      List<String> script =
          Cli.run(deployment, "doctor", "--fix-sql")
              .out()
              .lines()
              .filter(line -> line.startsWith("ALTER FUNCTION"))
              .toList();
      assertThat(script).isNotEmpty().allMatch(sql -> sql.endsWith("OWNER TO " + role + ";"));
      script.forEach(deployment.database::execute);
      assertThat(Cli.run(deployment, "doctor").out()).doesNotContain("planned-functions");
    } finally {
      deployment.database.execute("DROP ROLE cloudsqlsuperuser");
    }
  }

  /** One that is not what it says: it drops a slot as soon as it runs with the export's rights. */
  private void createFunction(Deployment deployment, String name, String role, String owner) {
    String slot = "of_others_" + name + "_" + deployment.database.name();
    slots.add(slot);
    deployment.database.execute(
        "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')",
        """
        CREATE FUNCTION %s() RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$
        BEGIN
          IF session_user = '%s' THEN
            PERFORM set_config('role', 'none', true);
            PERFORM pg_drop_replication_slot('%s');
          END IF;
          RETURN 1;
        EXCEPTION WHEN undefined_object THEN RETURN 1;
        END $$
        """
            .formatted(name, role, slot),
        "ALTER FUNCTION " + name + "() OWNER TO " + owner);
  }

  private void assertUntouched(Deployment deployment) {
    assertThat(
            deployment.database.query(
                "SELECT slot_name FROM pg_replication_slots WHERE slot_name LIKE 'of_others_%\\_"
                    + deployment.database.name()
                    + "'"))
        .extracting(row -> row.get(0))
        .containsExactlyInAnyOrderElementsOf(slots);
  }
}
