package io.gkp.connector.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.source.snapshot.Condition;
import io.gkp.connector.verify.TableVerification.Outcome;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint.Kind;
import io.gkp.offsets.Ledger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a verification finds, and what it does not take for a difference. */
class VerifyTest {
  private static String create(String table) {
    return "CREATE TABLE " + table + " (id int PRIMARY KEY, v text)";
  }

  private static String fill(String table) {
    return "INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b'), (3, 'c')";
  }

  @Test
  void everyKindOfValueIsEqualToItself() {
    try (Deployment deployment = new Deployment("kinds", "nothing")) {
      deployment.database.execute(
          create("nothing"),
          "CREATE TABLE kinds (a text, b int, v text, f float8, n numeric, j jsonb, l int[], t timestamptz,"
              + " x bytea, c char(5), s timestamp, d date, h time, g bool, PRIMARY KEY (b, a))",
          "INSERT INTO kinds VALUES ('a', 1, 'null', 'NaN', 'NaN', '{\"a\": 1.50}', '{1,2}', now(), 'x',"
              + " 'c', now(), now(), now(), true)",
          "INSERT INTO kinds VALUES ('ä/\"''', 2, NULL, '-0', 1e40, '18446744073709551616', '{1,NULL}',"
              + " 'infinity', '', '', '-infinity', '10000-01-01', '24:00', NULL)",
          "INSERT INTO kinds (a, b, l) VALUES ('', 2, '{}')");
      deployment.drain();
      deployment.models();
      deployment.database.execute(
          "UPDATE kinds SET b = 3, f = NULL, v = 'x' WHERE a = ''",
          "ALTER TABLE kinds ADD COLUMN later int[], ADD COLUMN name text");
      Verified verified = Verified.of(deployment);

      verified.requireEqual();
      assertThat(verified.table("kinds").rows()).isEqualTo(3);
      assertThat(verified.table("kinds").comparedWith()).isEqualTo("latest_kinds");
      assertThat(deployment.tableNames("verify_"))
          .containsExactlyInAnyOrder("verify_kinds", "verify_nothing");
      assertThat(
              deployment
                  .bigquery()
                  .getTable(Deployment.DATASET, "verify_kinds")
                  .getExpirationTime())
          .isLessThanOrEqualTo(Instant.now().plus(Duration.ofDays(1)).toEpochMilli());
    }
  }

  @Test
  void whateverBreaksTheChangelogIsFoundAndATableWithoutKeyIsComparedAsABag() {
    List<String> keyed =
        List.of("removed", "altered", "added", "doubled", "batch", "silent", "untouched");
    List<String> other = List.of("bag", "updated", "bytes", "floats");
    try (Deployment deployment =
        new Deployment(Stream.concat(keyed.stream(), other.stream()).toArray(String[]::new))) {
      for (String table : keyed) {
        deployment.database.execute(create(table), fill(table));
      }
      deployment.database.execute(
          "CREATE TABLE bytes (b bytea PRIMARY KEY, v int)",
          "CREATE TABLE floats (f float8 PRIMARY KEY)",
          "INSERT INTO bytes VALUES ('a', 1), ('b', 2)",
          "CREATE TABLE bag (v text)",
          "INSERT INTO bag VALUES ('a'), ('a'), (NULL)",
          "ALTER TABLE bag REPLICA IDENTITY FULL",
          "CREATE TABLE updated (v text)",
          "ALTER TABLE updated REPLICA IDENTITY FULL",
          "INSERT INTO updated VALUES ('a')");
      deployment.drain();
      deployment.database.execute(
          "UPDATE batch SET v = 'newer' WHERE id = 2",
          "DELETE FROM batch WHERE id = 3",
          "DELETE FROM bytes WHERE v = 1",
          "UPDATE bytes SET v = 3",
          "INSERT INTO bag VALUES ('b'), ('b')",
          "DELETE FROM bag WHERE v = 'b'",
          "UPDATE updated SET v = 'b'");
      Verified whole =
          Verified.of(
              deployment, () -> deployment.database.execute("INSERT INTO bag VALUES ('c')"));
      assertThat(whole.summary("bag")).isEqualTo("3 rows, 0 missing, 0 extra, 0 different []");
      assertThat(keyed)
          .allSatisfy(name -> assertThat(whole.table(name).outcome()).isEqualTo(Outcome.EQUAL));
      assertThat(whole.table("bytes").outcome()).isEqualTo(Outcome.EQUAL);
      assertThat(List.of("updated", "floats"))
          .allSatisfy(
              name -> assertThat(whole.table(name).outcome()).isEqualTo(Outcome.NOT_COMPARABLE));

      deployment.sql("DELETE FROM history.raw_bag WHERE v = 'c'");
      deployment.sql(
          "INSERT INTO history.raw_bag SELECT * REPLACE(70 AS _cdc_row) FROM history.raw_bag WHERE v IS NULL");

      deployment.sql("DELETE FROM history.raw_removed WHERE id = 2");
      deployment.sql("UPDATE history.raw_altered SET v = 'z' WHERE id = 3");
      deployment.sql(
          "INSERT INTO history.raw_added SELECT * REPLACE(9 AS id, 9 AS _cdc_row)"
              + " FROM history.raw_added WHERE id = 1");
      deployment.sql(
          "INSERT INTO history.raw_doubled SELECT * FROM history.raw_doubled WHERE id = 1");
      deployment.sql("DELETE FROM history.raw_batch WHERE _cdc_op != 'r'");
      deployment.database.execute(
          "UPDATE silent SET v = 'unsent' WHERE id = 1", "DELETE FROM silent WHERE id = 2");
      Ledger ledger = new Ledger(deployment.controlStore());
      Lsn end = Lsn.parse(deployment.database.query("SELECT pg_current_wal_lsn()").get(0).get(0));
      ledger.append(
          ledger.last().orElseThrow().next(Kind.STREAM, end, "a wrong run", Instant.now(), 0));
      Verified verified = Verified.of(deployment);

      assertThat(verified.summary("bag")).isEqualTo("4 rows, 1 missing, 1 extra, 0 different []");
      assertThat(verified.summary("untouched"))
          .isEqualTo("3 rows, 0 missing, 0 extra, 0 different []");
      assertThat(verified.table("untouched").outcome()).isEqualTo(Outcome.EQUAL);
      assertThat(verified.summary("removed"))
          .isEqualTo("3 rows, 1 missing, 0 extra, 0 different [missing {id=2} in null]");
      assertThat(verified.summary("altered"))
          .isEqualTo("3 rows, 0 missing, 0 extra, 1 different [different {id=3} in 1]");
      assertThat(verified.table("altered").columns()).isEqualTo(java.util.Map.of("v", 1L));
      assertThat(verified.summary("added"))
          .isEqualTo("3 rows, 0 missing, 1 extra, 0 different [extra {id=9} in 1]");
      assertThat(verified.table("doubled").duplicates()).isEqualTo(1);
      assertThat(verified.table("doubled").outcome()).isEqualTo(Outcome.DIFFERENT);
      assertThat(verified.summary("batch"))
          .isEqualTo(
              "2 rows, 0 missing, 1 extra, 1 different [different {id=2} in 1, extra {id=3} in 1]");
      assertThat(verified.summary("silent"))
          .isEqualTo(
              "2 rows, 0 missing, 1 extra, 1 different [different {id=1} in 1, extra {id=2} in 1]");
    }
  }

  @Test
  void whatIsCommittedAfterTheReadIsNoDifference() throws Exception {
    try (Deployment deployment = new Deployment("t", "emptied");
        java.sql.Connection open = deployment.database.connect()) {
      deployment.database.execute(
          "CREATE TABLE t (id int PRIMARY KEY, v text, w text)",
          "ALTER TABLE t ALTER w SET STORAGE EXTERNAL",
          "INSERT INTO t SELECT i, 'v' || i, repeat('w', 3000) FROM generate_series(1, 8) i",
          create("emptied"),
          fill("emptied"));
      deployment.drain();
      for (String when : List.of("without views", "with views")) {
        open.setAutoCommit(false);
        open.createStatement().execute("UPDATE t SET v = '" + when + "' WHERE id IN (1, 2)");
        Verified verified =
            Verified.of(
                deployment,
                () -> {
                  try {
                    deployment.database.execute(
                        "UPDATE t SET v = v || 'x' WHERE id = 3",
                        "DELETE FROM t WHERE id = 4",
                        "INSERT INTO t VALUES (4, 'again', 'w')",
                        "DELETE FROM t WHERE id = 5",
                        "INSERT INTO t VALUES (10, 'new', 'w')",
                        "UPDATE t SET id = 5 WHERE id = 10",
                        "TRUNCATE emptied",
                        "INSERT INTO emptied VALUES (7, 'after')");
                    open.commit();
                  } catch (java.sql.SQLException e) {
                    throw new IllegalStateException(e);
                  }
                });
        verified.requireEqual();
        deployment.models();
      }
      deployment.sql("UPDATE history.state_t SET v = 'wrong' WHERE id IN (3, 6)");

      Verified verified =
          Verified.of(
              deployment,
              () -> deployment.database.execute("UPDATE t SET v = 'right' WHERE id = 3"));

      assertThat(verified.table("t").keys())
          .extracting(key -> key.kind() + key.key())
          .containsExactly("different{id=3}", "different{id=6}");
    }
  }

  @Test
  void aPartOfTheRowsIsComparedByAConditionOrASample() {
    try (Deployment deployment = new Deployment("t", "named")) {
      deployment.database.execute(
          create("t"),
          "INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 200) i",
          "CREATE TABLE named (u uuid, n text, k int, PRIMARY KEY (u, n, k))",
          "INSERT INTO named SELECT gen_random_uuid(), 'ä' || i, -i FROM generate_series(1, 200) i");
      deployment.drain();
      Verified half = Verified.of(deployment, null, Sample.parse("50%"));
      half.requireEqual();
      assertThat(half.table("t").rows()).isBetween(60L, 140L);
      assertThat(half.table("named").rows()).isBetween(60L, 140L);

      deployment.database.execute("CREATE TABLE copy AS SELECT * FROM t");
      deployment.sql("UPDATE history.raw_t SET id = id + 1000 WHERE id <= 100");
      Verified sampled = Verified.of(deployment, null, Sample.parse("0.5"));
      assertThat(sampled.table("t").missing()).isBetween(25L, 75L);
      assertThat(sampled.table("t").extra()).isBetween(25L, 75L);
      Verified where = Verified.of(deployment, new Condition("false"), null);
      where.requireEqual();
      assertThat(where.table("t").extra()).isNull();
    }
  }
}
