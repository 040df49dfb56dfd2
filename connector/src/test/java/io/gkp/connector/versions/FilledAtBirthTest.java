package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.offsets.Checkpoint;
import io.gkp.testing.TestPostgres;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Partitions that are created and filled in one transaction. TRUNCATE in the same transaction is
 * neither sent nor leaves a trace in the catalogue. Each case has a table of its own.
 */
class FilledAtBirthTest {
  private static final String CREATE =
      "CREATE TABLE @_1 PARTITION OF @ FOR VALUES FROM (10) TO (20);";

  /** Statements by the table's name, {@code @} in them. */
  private static final Map<String, String> EMPTIED = new LinkedHashMap<>();

  /** The same, of what asks for no table to be read anew. */
  private static final Map<String, String> KEPT = new LinkedHashMap<>();

  static {
    EMPTIED.put(
        "truncated",
        "BEGIN; " + CREATE + " INSERT INTO @ VALUES (11, 'gone'); TRUNCATE @_1; COMMIT");
    EMPTIED.put(
        "filled_again",
        "BEGIN; "
            + CREATE
            + " INSERT INTO @ VALUES (11, 'gone'); TRUNCATE @_1; INSERT INTO @ VALUES (12, 'new');"
            + " COMMIT");
    EMPTIED.put(
        "same_key_again",
        "BEGIN; "
            + CREATE
            + " INSERT INTO @ VALUES (11, 'gone'), (12, 'gone'); TRUNCATE @_1;"
            + " INSERT INTO @ VALUES (11, 'new'); COMMIT");
    EMPTIED.put(
        "same_key_later",
        "BEGIN; "
            + CREATE
            + " INSERT INTO @ VALUES (11, 'gone'), (12, 'gone'); TRUNCATE @_1; COMMIT;"
            + " INSERT INTO @ VALUES (11, 'new'); UPDATE @ SET body = 'newer' WHERE id = 11");
    EMPTIED.put(
        "in_savepoint",
        "BEGIN; SAVEPOINT s; "
            + CREATE
            + " INSERT INTO @ VALUES (11, 'gone'); RELEASE s; TRUNCATE @_1; COMMIT");
    EMPTIED.put(
        "before_savepoint",
        "BEGIN; "
            + CREATE
            + " INSERT INTO @ VALUES (11, 'gone'); SAVEPOINT s; TRUNCATE @_1; RELEASE s;"
            + " INSERT INTO @ VALUES (12, 'new'); COMMIT");
    EMPTIED.put(
        "attached_and_truncated",
        "BEGIN; CREATE TABLE @_1 (LIKE @ INCLUDING ALL); INSERT INTO @_1 VALUES (13, 'unsent');"
            + " ALTER TABLE @ ATTACH PARTITION @_1 FOR VALUES FROM (10) TO (20);"
            + " INSERT INTO @ VALUES (11, 'gone'); TRUNCATE @_1; INSERT INTO @ VALUES (12, 'new');"
            + " COMMIT");

    KEPT.put("kept", "BEGIN; " + CREATE + " INSERT INTO @ VALUES (11, 'a'); COMMIT");
    KEPT.put(
        "changed_later",
        "BEGIN; "
            + CREATE
            + " INSERT INTO @ VALUES (11, 'a'); COMMIT; UPDATE @ SET body = 'b' WHERE id = 11");
    KEPT.put(
        "deleted_later",
        "BEGIN; "
            + CREATE
            + " INSERT INTO @ VALUES (11, 'a'); COMMIT; DELETE FROM @ WHERE id = 11;"
            + " INSERT INTO @ VALUES (11, 'b')");
    KEPT.put(
        "by_savepoints",
        "BEGIN; SAVEPOINT s; "
            + CREATE
            + " RELEASE s; SAVEPOINT s; INSERT INTO @ VALUES (11, 'a'); RELEASE s; COMMIT");
    KEPT.put(
        "indexed",
        "BEGIN; "
            + CREATE
            + " INSERT INTO @ VALUES (11, 'a'); CREATE INDEX ON @_1 (body);"
            + " INSERT INTO @ VALUES (12, 'b'); COMMIT");
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void areReadAnewWhereTheyWereTruncatedAndOnlyThere(int version) {
    Map<String, String> all = new LinkedHashMap<>(EMPTIED);
    all.putAll(KEPT);
    Set<String> tables = all.keySet();
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(version), tables.toArray(String[]::new))
            .withoutViews()) {
      for (String table : tables) {
        deployment.database.execute(
            "CREATE TABLE @ (id int PRIMARY KEY, body text) PARTITION BY RANGE (id)"
                .replace("@", table),
            "CREATE TABLE @_0 PARTITION OF @ FOR VALUES FROM (0) TO (10)".replace("@", table),
            "INSERT INTO @ VALUES (1, 'first')".replace("@", table));
      }
      deployment.drain();
      deployment.database.execute(
          all.entrySet().stream()
              .map(each -> each.getValue().replace("@", each.getKey()))
              .toArray(String[]::new));
      RunReport report = deployment.drain();
      deployment.drain();
      SoftAssertions soft = new SoftAssertions();
      for (String table : tables) {
        soft.assertThat(deployment.latest(table, "id", "body"))
            .as(table)
            .containsExactlyInAnyOrderElementsOf(
                deployment.database.query("SELECT id, body FROM " + table).stream()
                    .map(row -> String.join(" ", row))
                    .toList());
        soft.assertThat(report.warnings())
            .extracting(Finding::what)
            .as(table)
            .filteredOn(what -> what.startsWith(table + ": "))
            .hasSize(EMPTIED.containsKey(table) && !isUnsent(version, table) ? 1 : 0);
      }
      soft.assertAll();
      assertThat(deployment.drain().warnings()).isEmpty();
    }
  }

  /** The next run brings it; this one must not take it for the row that was truncated. */
  @Test
  void theSameKeyBehindTheFenceHidesNothing() {
    try (Deployment deployment = new Deployment("t")) {
      deployment.database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, body text) PARTITION BY RANGE (id)");
      deployment.drain();
      deployment.database.execute(
          "BEGIN; "
              + CREATE.replace("@", "t")
              + " INSERT INTO t VALUES (11, 'gone'), (12, 'gone'); TRUNCATE t_1; COMMIT");
      Progress insert =
          new Progress() {
            private boolean isDone;

            @Override
            public void committed(Checkpoint checkpoint) {
              if (!isDone) {
                isDone = true;
                deployment.database.execute("INSERT INTO t VALUES (11, 'later')");
              }
            }
          };
      RunReport report = new Export(deployment.config(), Clock.systemUTC(), insert).run();
      assertThat(report.warnings())
          .extracting(Finding::what)
          .singleElement()
          .asString()
          .contains("seems to have truncated it");
      deployment.drain();
      deployment.requireEqual("t", "id", "body");
    }
  }

  /** PostgreSQL 14 sends no row of a partition that its own transaction has attached. */
  private static boolean isUnsent(int version, String table) {
    return version == 14 && table.equals("attached_and_truncated");
  }
}
