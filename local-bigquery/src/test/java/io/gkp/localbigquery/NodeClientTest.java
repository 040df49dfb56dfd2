package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class NodeClientTest {
  private static final String SCRIPT = "src/test/node/clients.js";

  @Test
  void nodesClientIsServedUnmodified() throws Exception {
    Optional<Tool> node = Tool.onPath("node", "-e", "require('@google-cloud/bigquery')");
    assumeTrue(node.isPresent(), "no Node with BigQuery's client in NODE_PATH: skipped");
    try (LocalBigQuery server = LocalBigQuery.inMemory().start()) {
      assertThat(node.get().run(Map.of("BIGQUERY_EMULATOR_HOST", server.host()), SCRIPT))
          .contains("7 of 7");
    }
  }
}
