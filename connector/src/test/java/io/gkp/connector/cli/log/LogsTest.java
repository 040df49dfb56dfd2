package io.gkp.connector.cli.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class LogsTest {
  @Test
  void aLineForCloudLoggingHasSeverityLabelsAndTheStackTraceInItsMessage() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("io.gkp.test");
    ExportException failure =
        new ExportException(
            Failure.INTERNAL, "It broke.", "Mend it.", new SQLException("row value 4711"));
    LoggingEvent event =
        new LoggingEvent("test", logger, Level.WARN, "Job {} failed", failure, new Object[] {"j"});
    event.setKeyValuePairs(
        List.of(new KeyValuePair("run_id", "run-1"), new KeyValuePair("table", "items")));

    JsonNode line = new ObjectMapper().readTree(Logs.jsonEncoder(logger).encode(event));

    assertThat(line.get("severity").asText()).isEqualTo("WARNING");
    assertThat(line.get("time").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
    assertThat(line.at("/logging.googleapis.com~1labels/run_id").asText()).isEqualTo("run-1");
    assertThat(line.at("/logging.googleapis.com~1labels/table").asText()).isEqualTo("items");
    assertThat(line.get("message").asText())
        .startsWith("Job j failed\nio.gkp.failure.ExportException: It broke.\n\tat ")
        .contains("Caused by: java.sql.SQLException\n\tat ")
        .doesNotContain("4711");
  }

  @Test
  void everyLineOfARunHasItsId() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger("io.gkp.test");
    LoggingEvent event =
        new LoggingEvent("test", logger, Level.INFO, "Something", null, new Object[0]);
    Logs.label("run_id", "run-7");
    JsonNode line = new ObjectMapper().readTree(Logs.jsonEncoder(logger).encode(event));
    assertThat(line.at("/logging.googleapis.com~1labels/run_id").asText()).isEqualTo("run-7");
  }

  /** Whatever it was, as the tests' own watch over all lines has set it. */
  @Test
  void whoIsVerboseNoMoreIsAsQuietAsBefore() {
    Logger ours = (Logger) LoggerFactory.getLogger("io.gkp");
    Logs.verbose(false);
    Level before = ours.getLevel();
    ours.setLevel(Level.TRACE);
    try {
      Logs.verbose(true);
      assertThat(ours.getLevel()).isEqualTo(Level.DEBUG);
      Logs.verbose(false);
      assertThat(ours.getLevel()).isEqualTo(Level.TRACE);
    } finally {
      ours.setLevel(before);
    }
  }
}
