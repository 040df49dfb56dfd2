package io.gkp.connector.debezium;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnector;
import java.util.Map;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.connector.Task;

/**
 * Debezium's Postgres connector, except that a change event's values stay the text that Postgres
 * sent. Set {@code connector.class} to this class's name, and {@code
 * include.unknown.datatypes=true}.
 *
 * <p>Why: Debezium parses each value into a Java object first, and stops for good at legal values
 * that these objects cannot hold, such as an interval of 3 billion hours. Others it changes: the
 * interval {@code infinity} becomes zero, and a time with zone loses its offset.
 */
public final class TextPostgresConnector extends PostgresConnector {
  @Override
  public Class<? extends Task> taskClass() {
    return TextPostgresTask.class;
  }

  /**
   * Leaves it to the task to connect. Of a connection that fails here Debezium keeps a sentence and
   * not the cause, so that a server that is away could not be told from a wrong configuration.
   */
  @Override
  protected void validateConnection(Map<String, ConfigValue> values, Configuration config) {}
}
