package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.ExitCode;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** The snapshot of a large table goes on in the next run, whatever its rows do meanwhile. */
class ChunkedSnapshotTest {
  private static final long CHUNK = 8 * 8192;
  private static final BatchLimits LIMITS = BatchLimits.DEFAULT.withSnapshotChunks(CHUNK);

  /** Values of this column are stored apart, and are not sent again while they stay. */
  private static final String TABLE = "CREATE TABLE big (place int PRIMARY KEY, n int, body text)";

  private static final String APART = "ALTER TABLE big ALTER body SET STORAGE EXTERNAL";

  private static String rows(int from, int to) {
    return "INSERT INTO big SELECT i, 0, CASE WHEN i % 10 = 0 THEN repeat(md5(i::text), 100)"
        + " ELSE repeat(md5(i::text), 10) END FROM generate_series("
        + from
        + ", "
        + to
        + ") i";
  }

  private static Deployment deployment(int version) {
    Deployment deployment =
        Deployment.on(TestPostgres.version(version), "big", "small").withLimits(LIMITS);
    deployment.database.execute(
        TABLE, APART, rows(1, 1500), "CREATE TABLE small (id int PRIMARY KEY)", "ANALYZE big");
    return deployment;
  }

  @Test
  void aColumnThatSomebodyDroppedAfterwardsIsMissed() {
    try (Deployment deployment = deployment(18)) {
      deployment.drain();
      assertThat(chunksRead(deployment)).hasSizeGreaterThan(1);
      deployment.sql("ALTER TABLE history.raw_big DROP COLUMN body");
      assertThat(deployment.drain().warnings().toString())
          .contains("raw_big has lost columns that its rows had: body.");
    }
  }

  /** A run that ends behind its first chunk, and before another fence or at it. */
  private static RunReport oneChunk(Deployment deployment) {
    AtomicReference<Export> run = new AtomicReference<>();
    run.set(
        new Export(
            deployment.config(),
            Clock.systemUTC(),
            new Progress() {
              @Override
              public void readAll(TableName table, long rows) {
                if (table.table().equals("big")) {
                  run.get().requestStop();
                }
              }
            }));
    return run.get().run();
  }

  private static List<List<String>> chunksRead(Deployment deployment) {
    return deployment.query(
        "SELECT chunk, COUNT(*) FROM history.snapshot_chunks WHERE state = 'read' GROUP BY chunk"
            + " ORDER BY chunk");
  }

  private static void assertEqual(Deployment deployment) {
    deployment.requireEqual("big", "place", "n", "body");
    deployment.requireEqual("small", "id");
    assertThat(Cli.run(deployment, "verify").code()).isZero();
  }

  @Test
  void eachRunGoesOnWhereTheLastOneEndedAndRowsThatMoveAreFound() {
    try (Deployment deployment = deployment(14)) {
      for (int run = 1; run <= 4; run++) {
        RunReport report = oneChunk(deployment);
        assertThat(report.error()).isNull();
        assertThat(report.exitCode()).isEqualTo(ExitCode.STOPPED_EARLY);
        assertThat(chunksRead(deployment)).hasSize(run);
        deployment.database.execute(
            // From blocks that wait to blocks that were read, without the value that stays.
            "DELETE FROM big WHERE place BETWEEN " + (run * 150 - 149) + " AND " + (run * 150),
            "VACUUM big",
            "UPDATE big SET n = n + 1 WHERE place > 1400",
            "UPDATE big SET place = place + 10000 WHERE place BETWEEN 1350 AND 1359",
            "UPDATE big SET place = place - 10000, n = 7 WHERE place BETWEEN 11350 AND 11354",
            "DELETE FROM big WHERE place = " + (1200 + run),
            "INSERT INTO big VALUES (" + (1200 + run) + ", 5, 'again')",
            "INSERT INTO small VALUES (" + run + ")");
      }
      assertThat(oneChunk(deployment).warnings().toString())
          .contains("The snapshot of big is under way: chunk 5 of", "to go");
      String shown = Cli.run(deployment, "offsets", "show").out();
      assertThat(shown).contains("snapshot: chunk 5 of", "of reading to go");
      deployment.drain();
      assertEqual(deployment);
      assertThat(chunksRead(deployment))
          .allSatisfy(chunk -> assertThat(chunk).element(1).isEqualTo("1"));
      assertThat(
              deployment.query(
                  "SELECT COUNT(DISTINCT epoch) FROM history.epochs WHERE table_name = 'big'"))
          .isEqualTo(List.of(List.of("1")));
    }
  }

  /**
   * Chunks are blocks, so no order of keys matters; rows that moved are asked for by their keys.
   */
  @Test
  void keysOfTextMayBeOfAnyCollation() {
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(17), "big").withLimits(LIMITS)) {
      deployment.database.execute(
          "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false)",
          "CREATE TABLE big (place text COLLATE any_case PRIMARY KEY, n int, body text)",
          APART,
          "INSERT INTO big SELECT repeat('it''s \\ the same ', 10) || i, i,"
              + " repeat(md5(i::text), CASE WHEN i % 10 = 0 THEN 100 ELSE 10 END)"
              + " FROM generate_series(1, 1500) i",
          "ANALYZE big");
      oneChunk(deployment);
      deployment.database.execute("DELETE FROM big WHERE n <= 200", "VACUUM big");
      deployment.database.execute(
          "UPDATE big SET n = n + 10000 WHERE n > 1400",
          "UPDATE big SET place = upper(place) WHERE n % 100 = 20"); // equal, and another text
      deployment.drain();
      deployment.requireEqual("big", "place", "n", "body");
      assertThat(chunksRead(deployment))
          .hasSizeGreaterThan(3)
          .allSatisfy(chunk -> assertThat(chunk).element(1).isEqualTo("1"));
    }
  }

  private static List<List<String>> epochsOfReads(Deployment deployment) {
    return deployment.query("SELECT DISTINCT _cdc_epoch FROM history.raw_big WHERE _cdc_op = 'r'");
  }

  @Test
  void aTableThatIsRewrittenBeginsAnewAndLeavesNoRowsBehind() {
    try (Deployment deployment = deployment(15)) {
      deployment.database.execute("CREATE TABLE other (id int PRIMARY KEY)");
      for (int night = 1; night <= 3; night++) {
        oneChunk(deployment);
        deployment.database.execute(
            night == 2 ? "TRUNCATE big" : "UPDATE big SET n = n + 1",
            rows(night * 2000, night * 2000 + 1500));
        deployment.database.execute("VACUUM FULL big");
        assertThat(oneChunk(deployment).warnings().toString()).contains("were written anew");
      }
      assertThat(oneChunk(deployment).warnings().toString())
          .contains("has begun anew 3 times", "snapshot-chunk-bytes");
      assertThat(epochsOfReads(deployment)).hasSize(1);
      deployment.database.execute(rows(10_000, 16_000)); // much larger
      oneChunk(deployment);
      deployment.database.execute("DELETE FROM big WHERE place > 6200", "VACUUM big"); // and small
      deployment.drain();
      assertEqual(deployment);
      assertThat(epochsOfReads(deployment)).hasSize(1);
    }
  }

  @Test
  void operatorsSeeItAndMayAskForMoreMeanwhile() {
    try (Deployment deployment = deployment(18)) {
      oneChunk(deployment);
      assertThat(Cli.run(deployment, "history").out()).contains("under_way", "chunk 1 of 8");
      assertThat(Cli.run(deployment, "status").out()).contains("chunk 1 of 8");
      assertThat(Cli.run(deployment, "doctor", "--all").out()).contains("big (chunk 1 of 8");
      deployment.database.execute("UPDATE big SET n = 1 WHERE place < 10");
      assertThat(
              Cli.run(
                      deployment,
                      "offsets",
                      "backfill",
                      "--table",
                      "big",
                      "--where",
                      "n = 1",
                      "--yes")
                  .code())
          .isZero();
      assertThat(oneChunk(deployment).backfills()).hasSize(1);
      assertThat(Cli.run(deployment, "offsets", "reset", "--table", "big", "--yes").code())
          .isZero();
      oneChunk(deployment);
      deployment.database.execute("INSERT INTO small VALUES (99)");
      String next =
          Cli.run(deployment, "offsets", "skip", "--output", "json")
              .json()
              .get("transaction")
              .asText();
      assertThat(Cli.run(deployment, "offsets", "skip", "--transaction", next, "--yes").code())
          .isZero();
      deployment.database.execute("DELETE FROM small WHERE id = 99");
      oneChunk(deployment);
      assertThat(Cli.run(deployment, "verify").code()).isZero();
      deployment.drain();
      assertEqual(deployment);
      assertThat(epochsOfReads(deployment)).isEqualTo(List.of(List.of("2")));
    }
  }
}
