package io.gkp.connector.source;

import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.debezium.Alias;
import io.gkp.connector.debezium.DebeziumTextConverter;
import io.gkp.connector.debezium.FencedStream;
import io.gkp.connector.debezium.RelationNames;
import io.gkp.connector.debezium.TextPostgresConnections;
import io.gkp.connector.debezium.TextPostgresConnector;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import java.util.Map;
import java.util.Properties;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Debezium's configuration, each choice with its reason. */
final class EngineProperties {
  static final String TOPIC_PREFIX = "gkp";

  private static final String MAX_BATCH = "2048";
  private static final String MAX_QUEUE = "8192";

  private static final String STATUS_INTERVAL_MILLIS = "5000";

  private EngineProperties() {}

  /**
   * @param oids the captured tables' OIDs
   * @param fence the place of which the stream shall tell
   */
  static Properties of(SourceConfig config, Map<TableName, Long> oids, Lsn fence) {
    Properties p = new Properties();
    p.setProperty("name", TOPIC_PREFIX);
    p.setProperty("topic.prefix", TOPIC_PREFIX);
    p.setProperty("connector.class", TextPostgresConnector.class.getName());

    // Debezium asks for host, user and database; the connections are made from driver.* alone.
    p.setProperty("database.hostname", "localhost");
    p.setProperty("database.dbname", config.database());
    p.setProperty("database.user", config.user());
    p.setProperty("database." + RelationNames.KEY, relations(oids));
    p.setProperty("database." + FencedStream.KEY, fence.toString());
    p.setProperty("database.connection.factory.class", TextPostgresConnections.class.getName());
    DriverProperties.of(config).forEach((key, value) -> p.setProperty("driver." + key, value));

    // The slot is ours to create, move and drop; so is the publication.
    p.setProperty("plugin.name", "pgoutput");
    p.setProperty("slot.name", config.slot());
    p.setProperty("slot.drop.on.stop", "false");
    p.setProperty("slot.max.retries", "0");
    p.setProperty("publication.name", config.publication());
    p.setProperty("publication.autocreate.mode", "disabled");
    p.setProperty("table.include.list", includeList(config));

    // Position: the slot, never a stored offset.
    p.setProperty("snapshot.mode", "no_data");
    p.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    p.setProperty("offset.flush.interval.ms", STATUS_INTERVAL_MILLIS);
    p.setProperty("lsn.flush.mode", "connector");
    p.setProperty("errors.max.retries", "0");
    p.setProperty("status.update.interval.ms", Long.toString(statusIntervalMillis(config)));
    p.setProperty(
        "database." + TextPostgresConnections.PATIENCE_MILLIS,
        Long.toString(3 * statusIntervalMillis(config)));

    // Every change whole and faithful: values as Postgres' own text, truncates too, no tombstones.
    p.setProperty("provide.transaction.metadata", "true");
    p.setProperty("tombstones.on.delete", "false");
    p.setProperty("skipped.operations", "none");
    p.setProperty("converters", "text");
    p.setProperty("text.type", DebeziumTextConverter.class.getName());
    p.setProperty("include.unknown.datatypes", "true");
    p.setProperty("event.processing.failure.handling.mode", "fail");
    p.setProperty("event.converting.failure.handling.mode", "fail");

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

  private static String relations(Map<TableName, Long> oids) {
    return RelationNames.text(
        oids.entrySet().stream()
            .map(
                entry ->
                    RelationNames.entry(
                        entry.getValue(), entry.getKey().schema(), entry.getKey().table()))
            .toList());
  }

  private static String includeList(SourceConfig config) {
    return config.tables().stream().map(EngineProperties::pattern).collect(Collectors.joining(","));
  }

  private static String pattern(TableName table) {
    return Pattern.quote(Alias.of(table.schema()) + "." + Alias.of(table.table()));
  }
}
