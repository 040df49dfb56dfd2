package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.testing.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an export does on every version of PostgreSQL that is promised. */
class EveryVersionTest {
  static IntStream versions() {
    return TestPostgres.versions();
  }

  /**
   * @param table {@code @} in the statements
   * @param setUp before the first run
   * @param change between the first run and the second
   * @param columns what is compared with the source then
   */
  private record Case(
      String table, List<String> setUp, List<String> change, List<String> columns) {}

  private static final List<Case> CASES =
      List.of(
          new Case(
              "changed",
              List.of(
                  "CREATE TABLE @ (id int PRIMARY KEY, body text)",
                  "INSERT INTO @ VALUES (1, 'a'), (2, 'b'), (3, NULL)"),
              List.of(
                  "UPDATE @ SET body = 'c' WHERE id = 1",
                  "UPDATE @ SET id = 20 WHERE id = 2",
                  "DELETE FROM @ WHERE id = 3",
                  "INSERT INTO @ VALUES (4, 'd')"),
              List.of("id", "body")),
          new Case(
              "reshaped",
              List.of(
                  "CREATE TABLE @ (id int PRIMARY KEY, body varchar(10), n int)",
                  "INSERT INTO @ VALUES (1, 'a', 1), (2, 'b', 2)"),
              List.of(
                  "ALTER TABLE @ ADD COLUMN label text",
                  "ALTER TABLE @ ALTER COLUMN body TYPE text",
                  "INSERT INTO @ VALUES (3, 'c', 3, 'three')",
                  "ALTER TABLE @ DROP COLUMN n",
                  "UPDATE @ SET label = 'one' WHERE id = 1"),
              List.of("id", "body", "label")),
          new Case(
              "partitioned",
              List.of(
                  "CREATE TABLE @ (id int PRIMARY KEY, body text) PARTITION BY RANGE (id)",
                  "CREATE TABLE @_0 PARTITION OF @ FOR VALUES FROM (0) TO (10)",
                  "CREATE TABLE @_1 PARTITION OF @ FOR VALUES FROM (10) TO (20)",
                  "INSERT INTO @ SELECT i, 'row ' || i FROM generate_series(1, 15) i"),
              List.of(
                  "UPDATE @ SET id = 19 WHERE id = 1", // from one partition to the other
                  "DELETE FROM @ WHERE id = 2",
                  "CREATE TABLE @_2 PARTITION OF @ FOR VALUES FROM (20) TO (30)",
                  "INSERT INTO @ VALUES (20, 'new')"),
              List.of("id", "body")));

  @ParameterizedTest
  @MethodSource("versions")
  void snapshotAndStreamEndInTheSourcesRows(int version) {
    String[] tables = CASES.stream().map(Case::table).toArray(String[]::new);
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(version), tables).withoutViews()) {
      CASES.forEach(each -> execute(deployment, each, each.setUp()));
      deployment.drain();
      CASES.forEach(each -> execute(deployment, each, each.change()));
      deployment.drain();
      SoftAssertions.assertSoftly(
          soft ->
              CASES.forEach(
                  each -> {
                    String[] others = each.columns().stream().skip(1).toArray(String[]::new);
                    soft.check(
                        () ->
                            deployment.requireLatest(each.table(), each.columns().get(0), others));
                  }));
    }
  }

  private static void execute(Deployment deployment, Case each, List<String> statements) {
    deployment.database.execute(
        statements.stream().map(sql -> sql.replace("@", each.table())).toArray(String[]::new));
  }

  @ParameterizedTest
  @MethodSource("io.gkp.connector.versions.Versions#thatDiffer")
  void publicationsOfEveryKindSendTheSame(int version) {
    List<String> publications = new ArrayList<>(List.of("FOR ALL TABLES"));
    if (version >= 15) {
      publications.add("FOR TABLES IN SCHEMA public");
      publications.add("FOR TABLE notes (id, body)");
    }
    for (String publication : publications) {
      try (Deployment deployment =
          Deployment.on(TestPostgres.version(version), "notes").withoutViews()) {
        deployment.database.execute(
            "CREATE TABLE notes (id int PRIMARY KEY, body text)",
            "INSERT INTO notes VALUES (1, 'a')",
            "CREATE PUBLICATION gkp_export " + publication);
        deployment.drain();
        deployment.database.execute("UPDATE notes SET body = 'b'", "INSERT INTO notes VALUES (2)");
        deployment.drain();
        assertThat(deployment.changelog("raw_notes", "id", "body"))
            .as(publication)
            .containsExactly("r 1 a", "u 1 b", "c 2 -");
      }
    }
  }
}
