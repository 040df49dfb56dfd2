package io.gkp.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.config.Sharding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the server says where the tables are divided. */
class ShardsTest {
  @Test
  void eachShardIsSeenAndTheWorstIsTold() {
    try (Deployment deployment = new Deployment("a", "b")) {
      deployment.database.execute(
          "CREATE TABLE a (id int PRIMARY KEY)", "CREATE TABLE b (id int PRIMARY KEY)");
      for (int shard = 1; shard <= 2; shard++) {
        Sharding sharding = new Sharding(shard, 2, List.of());
        new Export(deployment.config().withSharding(sharding), Clock.systemUTC(), Progress.SILENT)
            .run();
      }
      try (Operator operator = Operator.of(deployment)) {
        JsonNode status = operator.json("/api/status");
        assertThat(status.get("health").asText()).isEqualTo("ok");
        assertThat(status.get("sentence").asText()).startsWith("All 2 tables are complete");
        assertThat(status.at("/shards/2/slot/name").asText()).isEqualTo(deployment.slot() + "_2");
        assertThat(status.at("/shards/2/tables")).hasSize(1);
        assertThat(status.at("/shards/2/last_run/run_id"))
            .isNotEqualTo(status.at("/shards/1/last_run/run_id"));
        assertThat(operator.get("/metrics").body())
            .contains("gkp_export_slot_usable{shard=\"1\"} 1.0")
            .contains("gkp_export_last_run_exit_code{shard=\"2\"} 0.0")
            .containsPattern("gkp_export_table_raw_rows\\{shard=\"\\d\",table=\"b\"\\}");
      }
      deployment.database.execute("SELECT pg_drop_replication_slot('" + deployment.slot() + "_2')");
      try (Operator operator = Operator.of(deployment)) {
        assertThat(operator.json("/api/status").get("sentence").asText())
            .startsWith("Shard 2: The replication slot");
        assertThat(operator.get("/metrics").body())
            .contains("gkp_export_slot_usable{shard=\"2\"} 0.0");
      }
    }
  }
}
