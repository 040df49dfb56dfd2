package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EmulatorTest {
  @Test
  void anEmulatorThatTheEnvironmentNamesIsSaidFirst() throws Exception {
    try (Deployment deployment = new Deployment("items")) {
      deployment.database.execute("CREATE TABLE items (id int PRIMARY KEY)");
      try (ChildRun run = ChildRun.start(deployment, Map.of())) {
        assertThat(run.exitCode()).as(run.log()).isZero();
        assertThat(run.log().lines().findFirst().orElse(""))
            .contains("BIGQUERY_EMULATOR_HOST", "not to BigQuery");
        assertThat(run.report().at("/warnings/0/what").asText())
            .contains("BIGQUERY_EMULATOR_HOST", "not to BigQuery");
      }
    }
  }
}
