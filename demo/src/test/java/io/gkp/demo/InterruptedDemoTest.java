package io.gkp.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo} in a process of its own, ended by a signal in the middle, as by Ctrl-C. */
class InterruptedDemoTest {
  @TempDir Path directory;

  @Test
  void aSignalInTheMiddleStopsBothServersCleanly() throws Exception {
    Path story = directory.resolve("story");
    Path data = directory.resolve("data");
    Process demo = start(story, data);
    try {
      await()
          .atMost(Duration.ofMinutes(3))
          .until(() -> !demo.isAlive() || Files.readString(story).contains("The first export"));
      assertThat(demo.isAlive()).as(Files.readString(story)).isTrue();
      String url = "jdbc:postgresql://127.0.0.1:" + postgresPort(data) + "/gkp";
      assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "guessed"))
          .as("there it is")
          .hasMessageContaining("password authentication failed");

      demo.destroy();
      assertThat(demo.waitFor(1, TimeUnit.MINUTES)).isTrue();
      assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "guessed"))
          .isInstanceOf(SQLException.class)
          .hasMessageContaining("refused");
      assertThat(data.resolve("postgres/PG_VERSION")).exists();
      assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    } finally {
      demo.destroyForcibly();
    }
  }

  /** The fourth line of the server's own file. */
  private static String postgresPort(Path data) throws IOException {
    return Files.readAllLines(data.resolve("postgres/postmaster.pid")).get(3);
  }

  private static Process start(Path story, Path data) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.gkp.connector.cli.GkpCli",
            "demo",
            "--data",
            data.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(story.toFile())
        .start();
  }
}
