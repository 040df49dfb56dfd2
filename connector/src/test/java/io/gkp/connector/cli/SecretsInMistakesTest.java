package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A secret that stands where it does not belong appears in no message. */
class SecretsInMistakesTest {
  private static final String SECRET = "Tr0ub4dor";
  private static final String URL = "postgresql://u:" + SECRET + "@127.0.0.1:1/d";

  @TempDir Path folder;

  static Stream<List<String>> commandLines() {
    return Stream.of(
        List.of("export-bigquery", "--soruce-url", URL),
        List.of("export-bigquery", "--soruce-url=" + URL),
        List.of("export-bigquery", URL),
        List.of("export-bigquery", "--source-password", SECRET),
        List.of("export-bigquery", "--source-password=" + SECRET),
        List.of("export-bigquery", "--hash-salt", SECRET),
        List.of("export-bigquery", "-p" + SECRET),
        List.of("export-bigquery", "--project", "--source-url=" + URL),
        List.of("export-bigquery", "--output", SECRET),
        List.of("export-bigquery", "--verbose=" + SECRET),
        List.of("doctor", "--output=json", URL),
        List.of("offsets", "show", SECRET, URL),
        List.of("offsets", SECRET),
        List.of("models", "run", "--bigquery-hots=" + SECRET),
        List.of("verify", "--tabel=" + SECRET),
        List.of("verify", URL),
        List.of("offsets", "backfill", "--tabel", SECRET),
        List.of("status", URL),
        List.of("history", "--limt=" + SECRET),
        List.of("query", "--pasword=" + SECRET, "SELECT 1"),
        List.of("query", "SELECT 1", URL),
        List.of("models", "export", "--formt=" + SECRET, "/nowhere"),
        List.of("demo", SECRET),
        List.of("local-bigquery", "--port", SECRET),
        List.of(URL));
  }

  @ParameterizedTest
  @MethodSource("commandLines")
  void aMistypedCommandLineNamesOptionsAlone(List<String> arguments) {
    String printed = printed(arguments.toArray(String[]::new));
    assertThat(printed).contains("gkp_cli").doesNotContain(SECRET);
    arguments.stream()
        .filter(argument -> argument.startsWith("--soruce"))
        .forEach(argument -> assertThat(printed).contains("--soruce-url", "--source-url"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "project",
        "dataset",
        "location",
        "slot",
        "publication",
        "tables",
        "exclude-columns",
        "hash-columns",
        "hash-salt-file",
        "max-duration",
        "batch-bytes",
        "compression",
        "network-timeout",
        "policy-tags",
        "bigquery-host",
        "source-url",
        "curated-dataset"
      })
  void aConnectionStringInThePlaceOfAnotherSettingIsNotShown(String key) throws IOException {
    String url = URL.replace("127", "%"); // wrong even in its own place
    for (String output : List.of("text", "json")) {
      assertThat(
              printed(
                  "export-bigquery",
                  "--output",
                  output,
                  "--config",
                  file("gkp.properties", "enabled = true", key + " = " + url)))
          .contains("GKP-003")
          .doesNotContain(SECRET);
    }
    if (!List.of("policy-tags", "curated-dataset", "batch-bytes").contains(key)) {
      assertThat(
              printed(
                  "export-bigquery",
                  "--config",
                  file("gkp.properties", "enabled = true"),
                  "--" + key,
                  url))
          .doesNotContain(SECRET);
    }
  }

  @Test
  void aSecretInThePlaceOfAFileIsNotShown() throws IOException {
    assertThat(printed("export-bigquery", "--config", SECRET)).doesNotContain(SECRET);
    assertThat(printed("export-bigquery", "--config", URL)).doesNotContain(SECRET);
    assertThat(printed("models", "run", "--config", URL)).doesNotContain(SECRET);
    assertThat(
            printed(
                "export-bigquery",
                "--config",
                file("gkp.properties", "enabled = true", "hash-columns = t.a"),
                "--hash-salt-file",
                SECRET))
        .contains("--hash-salt-file: cannot read")
        .doesNotContain(SECRET);
  }

  @Test
  void aFileThatIsNoConfigurationIsNamedByItsLines() throws IOException {
    String key =
        file("key.pem", "-----BEGIN PRIVATE KEY-----", SECRET + "/x==", SECRET, SECRET, SECRET);
    String printed = printed("export-bigquery", "--config", key);
    assertThat(printed).doesNotContain(SECRET, "BEGIN");
    printed = printed("export-bigquery", "--config", enabled(key));
    assertThat(printed)
        .contains("key.pem, line 2: unknown key;", "more lines with unknown keys")
        .doesNotContain(SECRET, "BEGIN");
    String account = file("account.json", "enabled = true", "{", "  \"private_key\": \"" + SECRET);
    assertThat(printed("export-bigquery", "--config", account))
        .contains("account.json, line 2: unknown key")
        .doesNotContain(SECRET);
    String typed =
        file("gkp.properties", "enabled = true", "# a\\", "pasword = " + SECRET, "slto = \\", "x");
    assertThat(printed("export-bigquery", "--config", typed))
        .contains("line 3: unknown key;", "line 4: unknown key slto; did you mean slot?")
        .doesNotContain(SECRET);
  }

  private static String enabled(String file) throws IOException {
    Path path = Path.of(file);
    return Files.writeString(path, "enabled = true\n" + Files.readString(path)).toString();
  }

  @Test
  void aPasswordInTheFlagIsWarnedOfHoweverItIsWritten() throws IOException {
    for (String url :
        List.of(
            "postgresql://u:" + SECRET + "@127.0.0.1:1/d",
            "postgresql://127.0.0.1:1/d?user=u&password=" + SECRET,
            "host=127.0.0.1 port=1 user=u password=" + SECRET)) {
      assertThat(
              printed(
                  "export-bigquery",
                  "--config",
                  file("gkp.properties", "enabled = true", "project = p", "dataset = d"),
                  "--source-url",
                  url))
          .contains("The password inside --source-url can be read", "GKP-101")
          .doesNotContain(SECRET);
    }
  }

  @Test
  void plainHttpLeavesThisMachineForNoBigQuery() throws IOException {
    for (String host :
        List.of(
            "http://bigquery.example.com",
            "bigquery:9050",
            "http://localhost@example.com",
            "HTTP://10.0.0.1:9050",
            "http://127.0.0.1.example.com",
            "ftp://127.0.0.1")) {
      assertThat(
              printed(
                  "export-bigquery",
                  "--config",
                  file("gkp.properties", "enabled = true", "bigquery-host = " + host)))
          .as(host)
          .contains("--bigquery-host: ", "write https://");
      assertThat(
              printed(
                  "models",
                  "run",
                  "--project=p",
                  "--dataset=d",
                  "--config",
                  file("gkp.properties", "enabled = true", "bigquery-host = " + host)))
          .as(host)
          .contains("--bigquery-host: ", "GKP-404");
    }
  }

  private String file(String name, String... lines) throws IOException {
    return Files.write(folder.resolve(name), Arrays.asList(lines)).toString();
  }

  /** Everything that a command prints and logs. */
  private static String printed(String... arguments) {
    Logger logger = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      Cli cli = Cli.run(arguments);
      assertThat(cli.code()).isNotZero();
      List<String> lines = new ArrayList<>(List.of(cli.out(), cli.err()));
      log.list.forEach(event -> lines.add(event.getFormattedMessage()));
      return String.join("\n", lines);
    } finally {
      logger.detachAppender(log);
    }
  }
}
