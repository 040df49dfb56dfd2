package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.LoggingEvent;
import io.gkp.connector.export.Deployment;
import io.gkp.name.TableName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Names that others choose command no operator's terminal, and make up no lines of ours. */
class TerminalTest {
  /** Clears the screen, sets the title, turns the writing round, and forges a line. */
  private static final String EVIL =
      "e\u001b[2Jv\u001b]0;t\u0007\u009b31m\u202ei\r\ngkp_cli: all is well\n";

  @Test
  void namesOfTablesColumnsRolesAndSessionsCommandNoTerminal() throws Exception {
    String table = "t" + EVIL.substring(0, 30);
    try (Deployment deployment = new Deployment(TableName.quote(table))) {
      String quoted = TableName.quote(table);
      String column = TableName.quote("c" + EVIL.substring(0, 20));
      deployment.database.execute(
          "CREATE TABLE " + quoted + " (id int PRIMARY KEY, " + column + " text)",
          "INSERT INTO " + quoted + " VALUES (1, 'one')");
      run(deployment, "export-bigquery");
      deployment.database.execute(
          "ALTER TABLE " + quoted + " RENAME " + column + " TO " + column.replace("\"c", "\"d"),
          "ALTER TABLE " + quoted + " ALTER id TYPE text");
      run(deployment, "export-bigquery");
      run(deployment, "offsets", "show");
      run(deployment, "offsets", "history");
      run(deployment, "doctor");
      run(deployment, "verify");
      run(deployment, "offsets", "reset", "--table", quoted, "--dry-run");
      run(deployment, "offsets", "backfill", "--table", quoted, "--where", "nothing", "--dry-run");
      try (Connection blocker = deployment.database.connect();
          Statement statement = blocker.createStatement()) {
        statement.execute("SET application_name = E'" + EVIL.replace("\u001b", "\\x1b") + "'");
        blocker.setAutoCommit(false);
        statement.execute("LOCK TABLE " + quoted + " IN ACCESS EXCLUSIVE MODE");
        run(deployment, "offsets", "reset", "--table", quoted, "--yes");
        run(deployment, "export-bigquery");
      }
    }
  }

  @Test
  void noLineOfTheLogIsMadeUp() throws Exception {
    Matcher pattern =
        Pattern.compile("<pattern>(.*)</pattern>")
            .matcher(Files.readString(Path.of("src", "main", "resources", "logback.xml")));
    assertThat(pattern.find()).isTrue();
    PatternLayout layout = new PatternLayout();
    layout.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    layout.setPattern(pattern.group(1));
    layout.start();
    LoggingEvent event = new LoggingEvent();
    event.setLoggerName("io.gkp.test");
    event.setLevel(ch.qos.logback.classic.Level.WARN);
    event.setMessage("Table {} is odd");
    event.setArgumentArray(new Object[] {EVIL});
    event.setTimeStamp(0);
    String line = layout.doLayout(event);
    assertThat(line.stripTrailing().lines()).hasSize(1);
    assertSafe(line);
  }

  private static void run(Deployment deployment, String... command) {
    for (String output : List.of("text", "json")) {
      Cli cli =
          Cli.run(
              deployment,
              Stream.concat(Stream.of(command), Stream.of("--output", output))
                  .toArray(String[]::new));
      assertThat(cli.err() + cli.out()).as(String.join(" ", command)).doesNotContain("GKP-900");
      assertSafe(cli.out());
      assertSafe(cli.err());
      if (output.equals("json")) {
        assertThat(cli.json().isObject()).as(cli.out()).isTrue();
      }
    }
  }

  private static void assertSafe(String printed) {
    assertThat(printed)
        .doesNotContain("\u001b", "\u0007", "\u009b", "\u202e", "\r")
        .doesNotContain("\ngkp_cli: all is well");
  }
}
