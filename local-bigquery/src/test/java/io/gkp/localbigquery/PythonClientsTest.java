package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PythonClientsTest {
  private static final String SCRIPT = "src/test/python/clients.py";
  private static final String NEEDED =
      "import google.cloud.bigquery, pandas_gbq, sqlalchemy_bigquery, ibis";

  @Test
  void pythonsClientsAreServedUnmodified() throws Exception {
    Optional<Path> python = python();
    assumeTrue(python.isPresent(), "no Python with BigQuery's clients on the path: skipped");
    try (LocalBigQuery server = LocalBigQuery.inMemory().start()) {
      ProcessBuilder command =
          new ProcessBuilder(python.get().toString(), "-W", "ignore", SCRIPT)
              .redirectErrorStream(true);
      command.environment().put("BIGQUERY_EMULATOR_HOST", server.host());
      Process process = command.start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(process.waitFor()).as(output).isZero();
    }
  }

  /** The first Python on the path that has all of the clients. */
  private static Optional<Path> python() throws IOException, InterruptedException {
    for (Path folder :
        Arrays.stream(System.getenv("PATH").split(File.pathSeparator)).map(Path::of).toList()) {
      Path python = folder.resolve("python3");
      if (Files.isExecutable(python)
          && new ProcessBuilder(python.toString(), "-c", NEEDED)
                  .redirectErrorStream(true)
                  .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                  .start()
                  .waitFor()
              == 0) {
        return Optional.of(python);
      }
    }
    return Optional.empty();
  }
}
