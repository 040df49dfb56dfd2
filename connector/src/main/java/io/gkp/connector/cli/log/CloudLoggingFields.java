package io.gkp.connector.cli.log;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxy;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import net.logstash.logback.composite.AbstractJsonProvider;
import org.slf4j.event.KeyValuePair;

/**
 * The fields by which Cloud Logging knows a line: severity, message with the stack trace in it, and
 * labels from the event's key-value pairs.
 *
 * @see <a href="https://cloud.google.com/logging/docs/structured-logging">structured logging</a>
 */
final class CloudLoggingFields extends AbstractJsonProvider<ILoggingEvent> {
  private static final String LABELS = "logging.googleapis.com/labels";

  @Override
  public void writeTo(JsonGenerator json, ILoggingEvent event) throws IOException {
    json.writeStringField("severity", severity(event.getLevel()));
    json.writeStringField("message", event.getFormattedMessage() + stackTrace(event));
    json.writeStringField("logger", event.getLoggerName());
    Map<String, String> labels = new LinkedHashMap<>(Logs.labels());
    labels.putAll(event.getMDCPropertyMap());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        labels.put(pair.key, String.valueOf(pair.value));
      }
    }
    if (!labels.isEmpty()) {
      json.writeObjectFieldStart(LABELS);
      for (Map.Entry<String, String> label : labels.entrySet()) {
        json.writeStringField(label.getKey(), label.getValue());
      }
      json.writeEndObject();
    }
  }

  private static String severity(Level level) {
    return switch (level.toInt()) {
      case Level.ERROR_INT -> "ERROR";
      case Level.WARN_INT -> "WARNING";
      case Level.INFO_INT -> "INFO";
      default -> "DEBUG";
    };
  }

  private static String stackTrace(ILoggingEvent event) {
    IThrowableProxy proxy = event.getThrowableProxy();
    return StackTraces.of(proxy instanceof ThrowableProxy known ? known.getThrowable() : null);
  }
}
