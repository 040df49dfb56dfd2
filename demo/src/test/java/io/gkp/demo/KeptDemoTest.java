package io.gkp.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code demo --keep} in a process of its own, ended by a signal as by Ctrl-C. */
class KeptDemoTest {
  private static final Pattern POSTGRES = Pattern.compile("postgres@127\\.0\\.0\\.1:(\\d+)/gkp");

  @TempDir Path directory;

  @Test
  void bothServersStayUpUntilTheSignalAndThenStopCleanly() throws Exception {
    Path story = directory.resolve("story");
    Path data = directory.resolve("data");
    Process demo = start(story, data);
    try {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> !demo.isAlive() || Files.readString(story).contains("gkp_exporter:demo@"));
      assertThat(demo.isAlive()).as(Files.readString(story)).isTrue();
      Matcher address = POSTGRES.matcher(Files.readString(story));
      assertThat(address.find()).isTrue();
      String url = "jdbc:postgresql://127.0.0.1:" + address.group(1) + "/gkp";
      DriverManager.getConnection(url, "postgres", "").close();

      demo.destroy();
      assertThat(demo.waitFor(30, TimeUnit.SECONDS)).isTrue();
      assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", ""))
          .isInstanceOf(SQLException.class);
      assertThat(data.resolve("postgres/PG_VERSION")).exists();
      assertThat(data.resolve("postgres/postmaster.pid")).doesNotExist();
    } finally {
      demo.destroyForcibly();
    }
  }

  private static Process start(Path story, Path data) throws Exception {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "io.gkp.connector.cli.GkpCli",
            "demo",
            "--keep",
            "--data",
            data.toString());
    return new ProcessBuilder(command)
        .redirectErrorStream(true)
        .redirectOutput(story.toFile())
        .start();
  }
}
