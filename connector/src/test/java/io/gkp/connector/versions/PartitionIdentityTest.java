package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.TestPostgres;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Partitions that identify their rows otherwise than the table does that they are sent as. */
class PartitionIdentityTest {
  private static final List<String> CHANGES =
      List.of(
          "UPDATE @ SET u = 11 WHERE id = 1",
          "UPDATE @ SET id = 9 WHERE id = 2",
          "DELETE FROM @ WHERE id = 3",
          "UPDATE @ SET v = 'new' WHERE id = 4");

  /** Whose partitions send more than the key: nothing to read a table anew for. */
  private static final List<String> MORE = List.of("whole", "wider", "above");

  /** Whose partitions send less than the key, which is said and mended. */
  private static final List<String> LESS = List.of("other", "narrower", "under");

  @Test
  void moreThanTheKeyIsHarmlessAndLessIsSaidAndMended() {
    List<String> all = Stream.concat(MORE.stream(), LESS.stream()).toList();
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(15), all.toArray(String[]::new)).withoutViews()) {
      create(deployment, "whole", "ALTER TABLE @_0 REPLICA IDENTITY FULL");
      create(
          deployment,
          "wider",
          "CREATE UNIQUE INDEX both_columns ON @_0 (id, u)",
          "ALTER TABLE @_0 REPLICA IDENTITY USING INDEX both_columns");
      create(deployment, "above", "ALTER TABLE @ REPLICA IDENTITY FULL");
      create(
          deployment,
          "other",
          "CREATE UNIQUE INDEX other_u ON @_0 (u)",
          "ALTER TABLE @_0 REPLICA IDENTITY USING INDEX other_u");
      create(
          deployment,
          "narrower",
          "CREATE UNIQUE INDEX wide ON @ (id, u)",
          "ALTER TABLE @ REPLICA IDENTITY USING INDEX wide");
      create(
          deployment,
          "under",
          "CREATE UNIQUE INDEX under_u ON @_0 (u)",
          "ALTER TABLE @ REPLICA IDENTITY FULL",
          "ALTER TABLE @_0 REPLICA IDENTITY USING INDEX under_u");
      deployment.drain();
      all.forEach(table -> execute(deployment, table, CHANGES));
      RunReport report = deployment.drain();
      for (String table : MORE) {
        assertThat(report.tables().get(table).snapshotRows()).as(table).isZero();
        assertThat(report.warnings())
            .extracting(Finding::what)
            .as(table)
            .noneMatch(what -> what.matches(".*\\b" + table + "(_0)?\\b.*"));
        assertThat(
                deployment.changelog(
                    "raw_" + table, row -> !row.get("_cdc_op").equals("r"), "id", "u", "v"))
            .as(table)
            .containsExactly("u 1 11 v", "d 2 - -", "c 9 2 v", "d 3 - -", "u 4 4 new");
      }
      for (String table : LESS) {
        assertThat(report.tables().get(table).snapshotRows()).as(table).isPositive();
      }
      List<Finding> told =
          report.warnings().stream().filter(w -> w.check().equals("partition-identity")).toList();
      assertThat(told).hasSize(LESS.size());
      all.forEach(table -> deployment.requireLatest(table, "id", "u", "v"));

      told.forEach(finding -> finding.sql().forEach(deployment.database::execute));
      LESS.forEach(table -> execute(deployment, table, List.of("DELETE FROM @ WHERE id = 1")));
      RunReport mended = deployment.drain();
      assertThat(mended.warnings()).isEmpty();
      assertThat(mended.tables().values()).allMatch(table -> table.snapshotRows() == 0);
      LESS.forEach(table -> deployment.requireLatest(table, "id", "u", "v"));
    }
  }

  private static void create(Deployment deployment, String table, String... identity) {
    execute(
        deployment,
        table,
        List.of(
            "CREATE TABLE @ (id int PRIMARY KEY, u int NOT NULL, v text) PARTITION BY RANGE (id)",
            "CREATE TABLE @_0 PARTITION OF @ FOR VALUES FROM (0) TO (10)",
            "INSERT INTO @ SELECT i, i, 'v' FROM generate_series(1, 4) i"));
    execute(deployment, table, List.of(identity));
  }

  private static void execute(Deployment deployment, String table, List<String> statements) {
    statements.forEach(sql -> deployment.database.execute(sql.replace("@", table)));
  }
}
