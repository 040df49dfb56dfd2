package io.gkp.connector.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import net.logstash.logback.composite.loggingevent.LoggingEventFormattedTimestampJsonProvider;
import net.logstash.logback.encoder.LoggingEventCompositeJsonEncoder;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Where and how the process logs: to standard error, for people on a terminal, otherwise as JSON
 * lines that Cloud Logging understands.
 */
public final class Logs {
  /** {@code true} where standard error is a terminal; Java itself cannot tell, the launcher can. */
  private static final String TERMINAL = "gkp.terminal";

  /** {@code text} or {@code json}; chosen by where standard error goes when it is not set. */
  private static final String FORMAT = "GKP_LOG_FORMAT";

  private static final List<String> SCHEDULED =
      List.of("export-bigquery", "verify", "models run", "serve");

  private static volatile boolean verbose;
  private static volatile @Nullable Level quiet;
  private static volatile boolean json;
  private static final Map<String, String> LABELS = new ConcurrentHashMap<>();

  private Logs() {}

  /** Called once, at the start of the process. */
  public static void setUp(String... arguments) {
    String format = System.getenv(FORMAT);
    json =
        format == null || format.isBlank()
            ? !isTerminal() && isForAScheduler(System.getenv(), arguments)
            : format.equalsIgnoreCase("json");
    if (json) {
      useJson();
    }
  }

  /**
   * Whether a scheduler started this, and nobody reads along: any command of a Cloud Run job, and
   * elsewhere those that are scheduled.
   *
   * @see <a href="https://cloud.google.com/run/docs/container-contract#jobs-env-vars">variables of
   *     a Cloud Run job</a>
   */
  public static boolean isForAScheduler(Map<String, String> environment, String... arguments) {
    String command = String.join(" ", arguments);
    return environment.containsKey("CLOUD_RUN_JOB")
        || environment.containsKey("KUBERNETES_SERVICE_HOST")
        || SCHEDULED.stream().anyMatch(scheduled -> (command + " ").startsWith(scheduled + " "));
  }

  public static boolean isTerminal() {
    return Boolean.getBoolean(TERMINAL);
  }

  /** Whether everything on standard error is to be a JSON line. */
  public static boolean isJson() {
    return json;
  }

  private static void useJson() {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    OutputStreamAppender<ILoggingEvent> stderr =
        (OutputStreamAppender<ILoggingEvent>) root.getAppender("stderr");
    if (stderr == null) {
      return; // somebody's own logback configuration, with appenders of its own
    }
    stderr.setEncoder(jsonEncoder(root));
    ((Logger) LoggerFactory.getLogger("io.gkp")).setLevel(Level.INFO);
  }

  /** From now on every line of this process has the label, whatever thread it comes from. */
  public static void label(String name, String value) {
    LABELS.put(name, value);
  }

  static Map<String, String> labels() {
    return LABELS;
  }

  public static LoggingEventCompositeJsonEncoder jsonEncoder(Logger logger) {
    LoggingEventFormattedTimestampJsonProvider time =
        new LoggingEventFormattedTimestampJsonProvider();
    time.setFieldName("time");
    time.setTimeZone("UTC");
    LoggingEventCompositeJsonEncoder encoder = new LoggingEventCompositeJsonEncoder();
    encoder.setContext(logger.getLoggerContext());
    encoder.getProviders().addProvider(time);
    encoder.getProviders().addProvider(new CloudLoggingFields());
    encoder.start();
    return encoder;
  }

  /**
   * More of our own. Debezium and the JDBC driver stay silent: they log row values when a
   * conversion fails.
   */
  public static synchronized void verbose(boolean on) {
    if (on == verbose) {
      return;
    }
    Logger ours = (Logger) LoggerFactory.getLogger("io.gkp");
    if (on) {
      quiet = ours.getLevel();
    }
    ours.setLevel(on ? Level.DEBUG : quiet);
    verbose = on;
  }

  public static boolean isVerbose() {
    return verbose;
  }
}
