package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What changes a table's rows without an event, and what looks like it. Each case has a table of
 * its own; all of a version go through the same runs.
 */
class UnseenChangesTest {
  /** What leads to a decision of its own; the others are tried on the newest version alone. */
  private static final Set<String> ON_OLDER_VERSIONS =
      Set.of(
          "clustered",
          "rotated",
          "multiplied",
          "filled_then_vacuumed",
          "part_refilled",
          "part_attached",
          "part_came_and_went",
          "part_came_emptied",
          "priced",
          "renamed_for_a_while",
          "swapped_for_a_while");

  static IntStream versions() {
    return Versions.thatDiffer();
  }

  /**
   * @param table {@code @} in the statements
   * @param setUp before the first run
   * @param change between the first run and the second
   * @param read rows that the second run reads by itself
   * @param columns what is compared with the source then
   */
  record Case(
      String table, List<String> setUp, List<String> change, long read, List<String> columns) {}

  private static final List<String> PLAIN =
      List.of(
          "CREATE TABLE @ (id int PRIMARY KEY, v text, n bigint)",
          "INSERT INTO @ SELECT i, 'row ' || i, i FROM generate_series(1, 3) i");

  /** A partition with two rows, one with one row, one without. */
  private static final List<String> PARTITIONED =
      List.of(
          "CREATE TABLE @ (id int PRIMARY KEY, v text, n bigint) PARTITION BY RANGE (id)",
          "CREATE TABLE @_0 PARTITION OF @ FOR VALUES FROM (0) TO (10)",
          "CREATE TABLE @_1 PARTITION OF @ FOR VALUES FROM (10) TO (20)",
          "CREATE TABLE @_2 PARTITION OF @ FOR VALUES FROM (20) TO (30)",
          "INSERT INTO @ VALUES (1, 'a', 1), (2, 'b', 2), (11, 'c', 3)");

  private final List<Case> cases = new ArrayList<>();

  private void plain(String table, long read, String... change) {
    cases.add(new Case(table, PLAIN, List.of(change), read, List.of("id", "v", "n")));
  }

  private void partitioned(String table, long read, String... change) {
    cases.add(new Case(table, PARTITIONED, List.of(change), read, List.of("id", "v", "n")));
  }

  private void harmless() {
    plain("vacuumed", 0, "VACUUM FULL @");
    plain("clustered", 0, "CLUSTER @ USING @_pkey", "ALTER TABLE @ ALTER v SET NOT NULL");
    plain("truncated", 0, "TRUNCATE @", "INSERT INTO @ VALUES (9, 'new', 9)");
    plain(
        "administered",
        0,
        "GRANT SELECT (id, v) ON @ TO PUBLIC",
        "ANALYZE @",
        "CREATE INDEX ON @ (v)",
        "COMMENT ON TABLE @ IS 'rows'",
        "ALTER TABLE @ ALTER n SET DEFAULT 5",
        "INSERT INTO @ (id) VALUES (4)");
    plain("renamed_and_back", 0, "ALTER TABLE @ RENAME TO x", "ALTER TABLE x RENAME TO @");
    plain("got_a_column", 0, "ALTER TABLE @ ADD m int", "UPDATE @ SET m = 1 WHERE id = 1");
    plain("lost_a_column", 0, "ALTER TABLE @ ADD m int DEFAULT 1", "ALTER TABLE @ DROP m");
    cases.add(
        new Case(
            "widened",
            List.of(
                "CREATE TABLE @ (id int PRIMARY KEY, v varchar(10), n numeric(10,2))",
                "INSERT INTO @ VALUES (1, 'a', 1.25)"),
            List.of(
                "ALTER TABLE @ ALTER v TYPE varchar(20), ALTER n TYPE numeric(12,2)",
                "ALTER TABLE @ ALTER v TYPE text",
                "VACUUM FULL @"),
            0,
            List.of("id", "v", "n")));
    partitioned("vacuumed_parts", 0, "VACUUM FULL @_0", "VACUUM FULL @_1");
    partitioned(
        "rotated",
        0,
        "CREATE TABLE @_3 PARTITION OF @ FOR VALUES FROM (30) TO (40)",
        "ALTER TABLE @ ADD m int");
  }

  /** What only the stream's own announcements tell. */
  private void renamed() {
    plain(
        "renamed_for_a_while",
        3,
        "ALTER TABLE @ RENAME v TO w",
        "UPDATE @ SET w = 'under w' WHERE id = 1",
        "ALTER TABLE @ RENAME w TO v");
    cases.add(
        new Case(
            "swapped_for_a_while",
            List.of(
                "CREATE TABLE @ (id int PRIMARY KEY, v text, w text)",
                "INSERT INTO @ VALUES (1, 'v', 'w')"),
            List.of(
                "ALTER TABLE @ RENAME v TO x",
                "ALTER TABLE @ RENAME w TO v",
                "ALTER TABLE @ RENAME x TO w",
                "INSERT INTO @ VALUES (2, 'first', 'second')",
                "ALTER TABLE @ RENAME v TO x",
                "ALTER TABLE @ RENAME w TO v",
                "ALTER TABLE @ RENAME x TO w"),
            2,
            List.of("id", "v", "w")));
  }

  private void rewritten() {
    plain("multiplied", 3, "ALTER TABLE @ ALTER n TYPE bigint USING n * 100");
    plain("retyped", 3, "ALTER TABLE @ ALTER n TYPE int USING n + 1", "VACUUM FULL @");
    plain("emptied_column", 3, "ALTER TABLE @ ALTER v TYPE text USING NULL");
    plain(
        "multiplied_among_changes",
        3,
        "INSERT INTO @ VALUES (4, 'd', 4)",
        "DELETE FROM @ WHERE id = 2",
        "ALTER TABLE @ ALTER n TYPE bigint USING n * 100",
        "UPDATE @ SET v = 'last' WHERE id = 1");
    plain("renamed_column", 3, "ALTER TABLE @ RENAME v TO w", "ALTER TABLE @ RENAME w TO v");
    cases.set(
        cases.size() - 1,
        new Case(
            "renamed_column",
            PLAIN,
            List.of("ALTER TABLE @ RENAME v TO w"),
            3,
            List.of("id", "w", "n")));
    plain("replaced_column", 3, "ALTER TABLE @ DROP v", "ALTER TABLE @ ADD v text");
    cases.add(
        new Case(
            "filled",
            PLAIN,
            List.of("ALTER TABLE @ ADD m int DEFAULT 7", "INSERT INTO @ VALUES (4, 'd', 4, 8)"),
            4,
            List.of("id", "m")));
    cases.add(
        new Case(
            "filled_then_vacuumed",
            PLAIN,
            List.of("ALTER TABLE @ ADD m int DEFAULT 7", "VACUUM FULL @"),
            3,
            List.of("id", "m")));
    cases.add(
        new Case(
            "filled_for_once",
            PLAIN,
            List.of(
                "ALTER TABLE @ ADD m int DEFAULT 7",
                "ALTER TABLE @ ALTER m DROP DEFAULT",
                "VACUUM FULL @"),
            3,
            List.of("id", "m")));
    cases.add(
        new Case(
            "filled_by_sequence",
            PLAIN,
            List.of("ALTER TABLE @ ADD m serial"),
            3,
            List.of("id", "m")));
    cases.add(
        new Case(
            "rounded",
            List.of(
                "CREATE TABLE @ (id int PRIMARY KEY, n numeric(10,4))",
                "INSERT INTO @ VALUES (1, 1.2399), (2, 1.25)"),
            List.of("ALTER TABLE @ ALTER n TYPE numeric(10,2)"),
            2,
            List.of("id", "n")));
    cases.add(
        new Case(
            "relabelled",
            List.of(
                "CREATE TYPE mood AS ENUM ('sad', 'glad')",
                "CREATE TABLE @ (id int PRIMARY KEY, m mood)",
                "INSERT INTO @ VALUES (1, 'sad'), (2, 'glad')"),
            List.of(
                "ALTER TYPE mood ADD VALUE 'new'",
                "ALTER TYPE mood RENAME VALUE 'sad' TO 'blue'",
                "INSERT INTO @ VALUES (3, 'new')"),
            3,
            List.of("id", "m")));
    cases.add(
        new Case(
            "composed",
            List.of(
                "CREATE TYPE pair AS (x int, y int)",
                "CREATE TABLE @ (id int PRIMARY KEY, p pair)",
                "INSERT INTO @ VALUES (1, '(1,2)')"),
            List.of("ALTER TYPE pair ADD ATTRIBUTE z int"),
            1,
            List.of("id", "p")));
    cases.add(
        new Case(
            "composed_for_a_while",
            List.of(
                "CREATE TYPE triple AS (x int, y int)",
                "CREATE TABLE @ (id int PRIMARY KEY, p triple)",
                "INSERT INTO @ VALUES (1, '(1,2)')"),
            List.of(
                "ALTER TYPE triple ADD ATTRIBUTE z int",
                "INSERT INTO @ VALUES (2, '(1,2,3)')",
                "ALTER TYPE triple DROP ATTRIBUTE z"),
            2,
            List.of("id", "p")));
    cases.add(
        new Case(
            "relabelled_for_a_while",
            List.of(
                "CREATE TYPE size AS ENUM ('small', 'large')",
                "CREATE TABLE @ (id int PRIMARY KEY, m size)",
                "INSERT INTO @ VALUES (1, 'small'), (2, 'large')"),
            List.of(
                "ALTER TYPE size RENAME VALUE 'small' TO 'tiny'",
                "INSERT INTO @ VALUES (3, 'tiny')",
                "ALTER TYPE size RENAME VALUE 'tiny' TO 'small'"),
            3,
            List.of("id", "m")));
    cases.add(
        new Case(
            "got_a_label",
            List.of(
                "CREATE TYPE colour AS ENUM ('red', 'blue')",
                "CREATE TABLE @ (id int PRIMARY KEY, m colour)",
                "INSERT INTO @ VALUES (1, 'red')"),
            List.of(
                "ALTER TYPE colour ADD VALUE 'green' BEFORE 'blue'",
                "INSERT INTO @ VALUES (2, 'green')"),
            0,
            List.of("id", "m")));
    cases.add(
        new Case(
            "priced",
            List.of(
                "CREATE TABLE @ (id int PRIMARY KEY, m money[])",
                "INSERT INTO @ VALUES (1, '{1.5}')"),
            List.of(
                """
                DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET lc_monetary = %L',
                  current_database(),
                  CASE WHEN current_setting('lc_monetary') = 'C' THEN 'POSIX' ELSE 'C' END);
                END $$
                """),
            1,
            List.of("id")));
    cases.add(
        new Case(
            "regenerated",
            List.of(
                "CREATE TABLE @ (id int PRIMARY KEY, d int GENERATED ALWAYS AS (id * 2) STORED)",
                "INSERT INTO @ VALUES (1), (2)"),
            List.of("ALTER TABLE @ ALTER d SET EXPRESSION AS (id * 3)"),
            2,
            List.of("id", "d")));
    partitioned("multiplied_parts", 3, "ALTER TABLE @ ALTER n TYPE bigint USING n * 100");
  }

  private void partitions() {
    partitioned("part_truncated", 1, "TRUNCATE @_0");
    partitioned("part_refilled", 2, "TRUNCATE @_0", "INSERT INTO @ VALUES (3, 'new', 3)");
    partitioned("part_detached", 1, "ALTER TABLE @ DETACH PARTITION @_0");
    partitioned("part_dropped", 2, "DROP TABLE @_1");
    partitioned(
        "part_exchanged",
        3,
        "ALTER TABLE @ DETACH PARTITION @_0",
        "UPDATE @_0 SET v = 'unseen'",
        "ALTER TABLE @ ATTACH PARTITION @_0 FOR VALUES FROM (0) TO (10)");
    partitioned(
        "part_attached",
        2,
        "INSERT INTO @ VALUES (5, 'e', 5)",
        "CREATE TABLE @_3 (LIKE @ INCLUDING ALL)",
        "INSERT INTO @_3 VALUES (31, 'unseen', 1), (32, 'unseen', 2)",
        "ALTER TABLE @ ATTACH PARTITION @_3 FOR VALUES FROM (30) TO (40)",
        "UPDATE @ SET v = 'seen' WHERE id = 32");
    partitioned(
        "part_came_and_went",
        3,
        "CREATE TABLE @_3 PARTITION OF @ FOR VALUES FROM (30) TO (40)",
        "INSERT INTO @ VALUES (31, 'gone', 1)",
        "DROP TABLE @_3");
    partitioned(
        "part_came_emptied",
        4,
        "CREATE TABLE @_3 PARTITION OF @ FOR VALUES FROM (30) TO (40)",
        "INSERT INTO @ VALUES (31, 'gone', 1)",
        "TRUNCATE @_3",
        "INSERT INTO @ VALUES (32, 'new', 1)");
    partitioned(
        "part_came_empty",
        3,
        "CREATE TABLE @_3 PARTITION OF @ FOR VALUES FROM (30) TO (40)",
        "INSERT INTO @ VALUES (31, 'gone', 1)",
        "TRUNCATE @_3");
    partitioned(
        "subtree_attached",
        2,
        "CREATE TABLE @_3 (LIKE @ INCLUDING ALL) PARTITION BY LIST (id)",
        "CREATE TABLE @_31 PARTITION OF @_3 FOR VALUES IN (31)",
        "CREATE TABLE @_32 PARTITION OF @_3 DEFAULT",
        "INSERT INTO @_3 VALUES (31, 'unseen', 1), (32, 'unseen', 2)",
        "ALTER TABLE @ ATTACH PARTITION @_3 FOR VALUES FROM (30) TO (40)");
    cases.add(
        new Case(
            "hashed_part_unlogged",
            List.of(
                "CREATE TABLE @ (id int PRIMARY KEY, v text) PARTITION BY HASH (id)",
                "CREATE TABLE @_0 PARTITION OF @ FOR VALUES WITH (MODULUS 2, REMAINDER 0)",
                "CREATE TABLE @_1 PARTITION OF @ FOR VALUES WITH (MODULUS 2, REMAINDER 1)",
                "INSERT INTO @ SELECT i, 'v' FROM generate_series(1, 6) i"),
            List.of(
                "ALTER TABLE @_0 SET UNLOGGED",
                "UPDATE @ SET v = 'unseen'",
                "ALTER TABLE @_0 SET LOGGED"),
            6,
            List.of("id", "v")));
    cases.add(
        new Case(
            "hashed_part_attached",
            List.of(
                "CREATE TABLE @ (id int PRIMARY KEY, v text) PARTITION BY HASH (id)",
                "CREATE TABLE @_0 PARTITION OF @ FOR VALUES WITH (MODULUS 1, REMAINDER 0)",
                "ALTER TABLE @ DETACH PARTITION @_0",
                "INSERT INTO @_0 SELECT i, 'v' FROM generate_series(1, 6) i"),
            List.of("ALTER TABLE @ ATTACH PARTITION @_0 FOR VALUES WITH (MODULUS 1, REMAINDER 0)"),
            6,
            List.of("id", "v")));
  }

  @ParameterizedTest
  @MethodSource("versions")
  void endsInTheSourcesRowsAndReadsNothingForNothing(int version) {
    harmless();
    renamed();
    rewritten();
    partitions();
    cases.removeIf(each -> version < 18 && !ON_OLDER_VERSIONS.contains(each.table()));
    String[] tables = cases.stream().map(Case::table).toArray(String[]::new);
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(version), tables).withoutViews()) {
      execute(deployment, Case::setUp);
      deployment.drain();
      execute(deployment, Case::change);
      RunReport mended = deployment.drain();
      SoftAssertions soft = new SoftAssertions();
      for (Case each : cases) {
        soft.assertThat(mended.tables().get(each.table()).snapshotRows())
            .as(each.table())
            .isEqualTo(each.read());
        soft.assertThat(mended.warnings())
            .extracting(Finding::what)
            .as(each.table())
            .filteredOn(
                what ->
                    what.startsWith("Table " + each.table() + " ")
                        || what.startsWith(each.table() + ": "))
            .hasSize(each.read() == 0 ? 0 : 1);
      }
      soft.assertAll();
      RunReport idle = deployment.drain();
      assertThat(idle.warnings()).isEmpty();
      assertThat(idle.tables().values()).allMatch(table -> table.snapshotRows() == 0);
      for (Case each : cases) {
        List<String> others = each.columns().subList(1, each.columns().size());
        soft.assertThat(deployment.latest(each.table(), "id", others.toArray(String[]::new)))
            .as(each.table())
            .containsExactlyInAnyOrderElementsOf(source(deployment, each));
      }
      soft.assertAll();
    }
  }

  /** In the form of {@link Deployment#latest}. */
  private static List<String> source(Deployment deployment, Case each) {
    return deployment
        .database
        .query("SELECT " + String.join(", ", each.columns()) + " FROM " + each.table())
        .stream()
        .map(row -> row.stream().map(v -> v == null ? "-" : v).collect(Collectors.joining(" ")))
        .toList();
  }

  /** All in one session. */
  private void execute(Deployment deployment, Function<Case, List<String>> statements) {
    deployment.database.execute(
        cases.stream()
            .flatMap(
                each -> statements.apply(each).stream().map(sql -> sql.replace("@", each.table())))
            .toArray(String[]::new));
  }
}
