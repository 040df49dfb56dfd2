package io.gkp.connector.sharding;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.config.Sharding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators see and do where the tables are divided. */
class ShardOperationsTest {
  @Test
  void commandsKnowShards() {
    try (Deployment deployment = new Deployment("a", "b")) {
      for (String table : List.of("a", "b")) {
        deployment.database.execute(
            "CREATE TABLE " + table + " (id int PRIMARY KEY)",
            "INSERT INTO " + table + " VALUES (1)");
      }
      run(deployment, 1);
      run(deployment, 2);
      assertThat(Cli.run(deployment, "offsets", "show").out())
          .contains("shard 1 of 2", "shard 2 of 2", deployment.slot() + "_2");
      assertThat(Cli.run(deployment, "offsets", "show", "--shard", "2/2").out())
          .doesNotContain("shard 1 of 2");
      assertThat(Cli.run(deployment, "doctor", "--all").out())
          .contains("each decodes all WAL", "WAL senders left")
          .doesNotContain("ERROR");
      assertThat(Cli.run(deployment, "offsets", "reset", "--all", "--yes").code()).isEqualTo(64);
      String second =
          deployment.query("SELECT table_name FROM history.shards WHERE shard = 2").get(0).get(0);
      assertThat(Cli.run(deployment, "offsets", "reset", "--table", second, "--yes").out())
          .contains("epoch 2000002");
      assertThat(
              Cli.run(deployment, "offsets", "backfill", "--table", second, "--keys", "1", "--yes")
                  .code())
          .isZero();
      RunReport both = run(deployment, 2);
      assertThat(both.tables().get(second).snapshotRows()).isEqualTo(2);
      assertThat(both.backfills()).hasSize(1);
      assertThat(run(deployment, 1).backfills()).isEmpty();

      assertThat(Cli.run(deployment, "offsets", "shards", "--count", "1", "--dry-run").out())
          .contains("No shards", second + ", read anew");
      assertThat(Cli.run(deployment, "offsets", "shards", "--count", "1", "--yes").code()).isZero();
      RunReport alone = deployment.drain();
      assertThat(alone.warnings().toString()).contains(deployment.slot() + "_2");
      deployment.requireEqual(second, "id");
      String drop =
          alone.warnings().stream()
              .filter(warning -> warning.check().equals("shards"))
              .findFirst()
              .orElseThrow()
              .sql()
              .get(0);
      deployment.database.execute(drop);
      assertThat(Cli.run(deployment, "doctor").out()).doesNotContain("_2");
    }
  }

  private static RunReport run(Deployment deployment, int shard) {
    RunReport report =
        new Export(
                deployment.config().withSharding(new Sharding(shard, 2, List.of())),
                Clock.systemUTC(),
                Progress.SILENT)
            .run();
    assertThat(report.error()).isNull();
    return report;
  }
}
