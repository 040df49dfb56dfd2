package io.gkp.connector.source.stream;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.debezium.Chunk;
import io.gkp.connector.debezium.EngineConnections;
import io.gkp.connector.debezium.EngineConnector;
import io.gkp.connector.debezium.EngineSession;
import io.gkp.connector.debezium.FencedStream;
import io.gkp.connector.source.DriverProperties;
import io.gkp.name.Lsn;
import java.util.Properties;

/** Debezium's configuration, each choice with its reason. */
final class EngineProperties {
  private static final String TOPIC_PREFIX = "gkp";

  /** The pattern of a name that no table has. */
  private static final String NO_TABLE = "\\$none\\$\\.\\$none\\$";

  /** Of chunks: as much as the queue holds. */
  private static final String MAX_BATCH = "32";

  private static final String MAX_QUEUE = "8192";

  private static final String STATUS_INTERVAL_MILLIS = "5000";

  private EngineProperties() {}

  /**
   * @param session in which the engine asks
   * @param fence the place of which the stream shall tell
   */
  static Properties of(SourceConfig config, EngineSession session, Lsn fence) {
    Properties p = of(config, fence);
    p.setProperty("database." + EngineSession.KEY, session.id());
    return p;
  }

  /** The same for an engine that is not started. */
  static Properties of(SourceConfig config, Lsn fence) {
    Properties p = new Properties();
    p.setProperty("name", TOPIC_PREFIX);
    p.setProperty("topic.prefix", TOPIC_PREFIX);
    p.setProperty("connector.class", EngineConnector.class.getName());

    // Debezium asks for host, user and database; the connections are made from driver.* alone.
    p.setProperty("database.hostname", "localhost");
    p.setProperty("database.dbname", config.database());
    p.setProperty("database.user", config.user());
    p.setProperty("database." + FencedStream.KEY, fence.toString());
    p.setProperty("database.connection.factory.class", EngineConnections.class.getName());
    DriverProperties.of(config).forEach((key, value) -> p.setProperty("driver." + key, value));

    // The slot is ours to create, move and drop; so is the publication.
    p.setProperty("plugin.name", "pgoutput");
    p.setProperty("slot.name", config.slot());
    p.setProperty("slot.drop.on.stop", "false");
    p.setProperty("slot.max.retries", "0");
    p.setProperty("publication.name", config.publication());
    p.setProperty("publication.autocreate.mode", "disabled");
    // It reads no tables, neither from the catalogue nor from the stream.
    p.setProperty("table.include.list", NO_TABLE);
    p.setProperty("message.prefix.include.list", Chunk.PREFIX);

    // Position: the slot, never a stored offset.
    p.setProperty("snapshot.mode", "no_data");
    p.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    p.setProperty("offset.flush.interval.ms", STATUS_INTERVAL_MILLIS);
    p.setProperty("lsn.flush.mode", "connector");
    p.setProperty("errors.max.retries", "0");
    p.setProperty("status.update.interval.ms", Long.toString(statusIntervalMillis(config)));
    p.setProperty(
        "database." + EngineConnections.PATIENCE_MILLIS,
        Long.toString(3 * statusIntervalMillis(config)));

    // With it each message of a transaction would be remembered, and copied into all later offsets.
    p.setProperty("provide.transaction.metadata", "false");
    p.setProperty("event.processing.failure.handling.mode", "fail");

    p.setProperty("max.batch.size", MAX_BATCH);
    p.setProperty("max.queue.size", MAX_QUEUE);
    p.setProperty("max.queue.size.in.bytes", Long.toString(BatchLimits.READ_AHEAD_BYTES));
    p.setProperty("poll.interval.ms", "20");
    return p;
  }

  /** Each status asks for an answer, so that an idle stream is not a silent one. */
  private static long statusIntervalMillis(SourceConfig config) {
    return Math.min(Long.parseLong(STATUS_INTERVAL_MILLIS), config.networkTimeout().toMillis() / 3);
  }
}
