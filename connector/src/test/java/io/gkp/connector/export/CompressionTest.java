package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.config.Compression;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompressionTest {
  /** In many parts, so that a batch of each table has rows of several pieces and parts. */
  private static final long PART_BYTES = 300_000;

  @ParameterizedTest
  @EnumSource
  void rowsArriveWhicheverWayTheyTravel(Compression compression) {
    try (Deployment deployment = new Deployment("notes")) {
      deployment.database.execute(
          "CREATE TABLE notes (id int PRIMARY KEY, body text)",
          "INSERT INTO notes SELECT g, repeat('body ' || g, 40) FROM generate_series(1, 3000) g");
      deployment.withLimits(
          new BatchLimits(PART_BYTES, Duration.ofMinutes(1), 1 << 20, compression));
      deployment.drain();
      deployment.database.execute("UPDATE notes SET body = body || '!' WHERE id <= 2000");
      assertThat(deployment.drain().tables().get("notes").updates()).isEqualTo(2_000);
      deployment.requireEqual("notes", "id", "body");
    }
  }

  @Test
  void anotherWordIsRefused() {
    try (Deployment deployment = new Deployment("notes")) {
      Cli cli = Cli.run(deployment, "export-bigquery", "--compression", "zip");
      assertThat(cli.code()).isEqualTo(78);
      assertThat(cli.err()).contains("expected gzip or none");
    }
  }
}
