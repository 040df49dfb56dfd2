package io.gkp.connector.mapping;

import io.debezium.embedded.Connect;
import io.debezium.embedded.async.ConvertingAsyncEngineBuilderFactory;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.gkp.testing.TestPostgres;
import java.net.URI;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * What a real engine, configured as the export configures it, delivers from a slot: first {@link
 * #prepare}, then change the database, then {@link #read}.
 */
final class CapturedChanges {
  private static final String SLOT = "mapping";
  static final String PUBLICATION = "mapping";

  private final TestPostgres.Database database;

  private CapturedChanges(TestPostgres.Database database) {
    this.database = database;
  }

  /** Publishes all tables and creates the slot; changes are captured from here on. */
  static CapturedChanges prepare(TestPostgres.Database database) {
    database.execute(
        "CREATE PUBLICATION " + PUBLICATION + " FOR ALL TABLES",
        "SELECT pg_create_logical_replication_slot('" + slot(database) + "', 'pgoutput')");
    return new CapturedChanges(database);
  }

  private static String slot(TestPostgres.Database database) {
    return SLOT + "_" + database.name();
  }

  /** All records up to now, in order; those without an operation left out. */
  List<SourceRecord> read() throws Exception {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_logical_emit_message(true, 'fence', 'x')");
    }
    List<SourceRecord> records = new ArrayList<>();
    CompletableFuture<Void> fence = new CompletableFuture<>();
    DebeziumEngine<RecordChangeEvent<SourceRecord>> engine =
        new ConvertingAsyncEngineBuilderFactory()
            .builder(ChangeEventFormat.of(Connect.class))
            .using(configuration())
            .using(
                (success, message, error) ->
                    fence.completeExceptionally(new IllegalStateException(message, error)))
            .notifying(
                (batch, committer) -> {
                  for (RecordChangeEvent<SourceRecord> event : batch) {
                    SourceRecord record = event.record();
                    if (record.topic().endsWith(".message")) {
                      fence.complete(null);
                    } else if (isChange(record)) {
                      records.add(record);
                    }
                    committer.markProcessed(event);
                  }
                  committer.markBatchFinished();
                })
            .build();
    ExecutorService executor = Executors.newSingleThreadExecutor();
    try {
      executor.execute(engine);
      fence.get(120, TimeUnit.SECONDS);
    } finally {
      if (!fence.isCompletedExceptionally()) {
        engine.close();
      }
      executor.shutdown();
      executor.awaitTermination(30, TimeUnit.SECONDS);
    }
    return records;
  }

  private static boolean isChange(SourceRecord record) {
    return record.value() instanceof Struct value && value.schema().field("op") != null;
  }

  private Properties configuration() {
    URI url = URI.create(database.url());
    String[] user = url.getUserInfo().split(":");
    Properties config = new Properties();
    config.setProperty("name", "mapping");
    config.setProperty("connector.class", TextPostgresConnector.class.getName());
    config.setProperty(
        "offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    config.setProperty("snapshot.mode", "no_data");
    config.setProperty("plugin.name", "pgoutput");
    config.setProperty("slot.name", slot(database));
    config.setProperty("publication.name", PUBLICATION);
    config.setProperty("publication.autocreate.mode", "disabled");
    config.setProperty("provide.transaction.metadata", "true");
    config.setProperty("tombstones.on.delete", "false");
    config.setProperty("skipped.operations", "none");
    config.setProperty("errors.max.retries", "0");
    config.setProperty("topic.prefix", "gkp");
    config.setProperty("include.unknown.datatypes", "true");
    config.setProperty("converters", "text");
    config.setProperty("text.type", DebeziumTextConverter.class.getName());
    config.setProperty("event.converting.failure.handling.mode", "fail");
    config.setProperty("database.hostname", url.getHost());
    config.setProperty("database.port", Integer.toString(url.getPort()));
    config.setProperty("database.user", user[0]);
    config.setProperty("database.password", user[1]);
    config.setProperty("database.dbname", database.name());
    return config;
  }
}
