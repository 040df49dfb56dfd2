package io.gkp.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.export.Deployment;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** {@code gkp_cli serve --every}, in a process of its own. */
class ScheduleTest {
  /**
   * Nothing is there but the table: neither dataset nor slot. The schedule's first run comes at
   * once.
   */
  @Test
  void aServerStartsTheFirstRunOfADeploymentByItself() {
    try (Deployment fresh = new Deployment("t")) {
      fresh.database.execute("CREATE TABLE t (id int PRIMARY KEY)", "INSERT INTO t VALUES (1)");
      try (ServerProcess server = ServerProcess.start(fresh, Map.of(), "--every", "10m").await()) {
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> server.err().contains("has ended with exit code 0"));
        assertThat(server.err()).contains("is started by the schedule");
      }
    }
  }
}
