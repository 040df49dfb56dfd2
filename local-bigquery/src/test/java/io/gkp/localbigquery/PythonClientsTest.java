package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PythonClientsTest {
  private static final String SCRIPT = "src/test/python/clients.py";
  private static final String NEEDED =
      "import google.cloud.bigquery, pandas_gbq, sqlalchemy_bigquery, ibis";

  @Test
  void pythonsClientsAreServedUnmodified() throws Exception {
    Optional<Tool> python = Tool.onPath("python3", "-c", NEEDED);
    assumeTrue(python.isPresent(), "no Python with BigQuery's clients on the path: skipped");
    try (LocalBigQuery server = LocalBigQuery.inMemory().start()) {
      assertThat(
              python
                  .get()
                  .run(Map.of("BIGQUERY_EMULATOR_HOST", server.host()), "-W", "ignore", SCRIPT))
          .contains("8 of 8");
    }
  }
}
