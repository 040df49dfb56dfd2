package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import io.gkp.connector.cli.log.Logs;
import io.gkp.connector.cli.log.StackTraces;
import io.gkp.connector.export.Deployment;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A marker stands in every column of every row; whatever goes wrong, nothing says it. */
class ValuesInMessagesTest {
  private static final String MARKER = "mArKeR";

  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private final StringBuilder printed = new StringBuilder();

  @Test
  void noErrorPathTellsAValue() {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    Logger ours = (Logger) LoggerFactory.getLogger("io.gkp");
    Level before = ours.getLevel();
    OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
    appender.setContext(root.getLoggerContext());
    appender.setEncoder(Logs.jsonEncoder(root));
    appender.setOutputStream(log);
    appender.start();
    root.addAppender(appender);
    ours.setLevel(Level.DEBUG);
    try (Deployment deployment = new Deployment("people")) {
      deployment.protect(List.of("people.ssn"), List.of("people.mail"), "a salt for the markers");
      deployment.database.execute(
          "CREATE TABLE people (id text PRIMARY KEY, name text, ssn text, mail text)",
          "INSERT INTO people SELECT 'mArKeR' || i, 'mArKeR', 'mArKeR', 'mArKeR'"
              + " FROM generate_series(1, 3) i");
      run(deployment, 0, "export-bigquery");

      for (String where :
          List.of("name::int = 1", "name::date = '2026-01-01'", "name::json IS NULL")) {
        run(deployment, 0, "offsets", "backfill", "--table=people", "--yes", "--where", where);
      }
      for (String given :
          List.of(
              "--where=ssn::regclass IS NULL",
              "--where=name::regclass IS NULL",
              "--where=ssn = '" + MARKER + "'",
              "--since=ssn=" + MARKER,
              "--since=mail=" + MARKER,
              "--where=length(name) = '" + MARKER + "'")) {
        run(deployment, 64, "offsets", "backfill", "--table=people", "--yes", given);
      }
      run(deployment, 0, "export-bigquery");
      assertThat(log.toString(StandardCharsets.UTF_8)).contains("SQLSTATE 22P02", "SQLSTATE 22007");
      run(deployment, 0, "offsets", "show");
      run(deployment, 0, "offsets", "history");

      deployment.database.execute("ALTER TABLE people DROP COLUMN ssn");
      run(deployment, 78, "export-bigquery");

      assertThat(printed.toString()).doesNotContain(MARKER);
      assertThat(log.toString(StandardCharsets.UTF_8)).doesNotContain(MARKER);
      for (String table : List.of("requests", "runs", "epochs", "checkpoints")) {
        assertThat(deployment.rows(table).toString()).as(table).doesNotContain(MARKER);
      }
    } finally {
      root.detachAppender(appender);
      ours.setLevel(before);
    }
  }

  @Test
  void aStackTraceHasTheMessagesOfOursAlone() {
    Exception theirs = new IllegalStateException(MARKER, new SQLException(MARKER));
    ExportException ours =
        new ExportException(Failure.INTERNAL, "Something happened.", "Report it.", theirs);
    assertThat(StackTraces.of(ours))
        .contains("Something happened.", "Caused by: java.sql.SQLException", "\tat ")
        .doesNotContain(MARKER);
  }

  /** As text and as JSON. */
  private void run(Deployment deployment, int code, String... arguments) {
    for (String output : List.of("text", "json")) {
      Cli cli =
          Cli.run(
              deployment,
              Stream.concat(Stream.of(arguments), Stream.of("--output", output))
                  .toArray(String[]::new));
      printed.append(cli.out()).append(cli.err());
      assertThat(cli.code()).as(String.join(" ", arguments) + cli.err()).isEqualTo(code);
    }
  }
}
