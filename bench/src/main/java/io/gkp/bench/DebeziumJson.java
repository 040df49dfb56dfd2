package io.gkp.bench;

import io.debezium.engine.ChangeEvent;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.format.Json;
import java.net.URI;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;

/**
 * Debezium as it comes, making JSON of every change that nobody reads: what each sink of Debezium
 * Server begins with.
 */
final class DebeziumJson {
  private DebeziumJson() {}

  public static void main(String[] arguments) throws Exception {
    CompletableFuture<Void> over = new CompletableFuture<>();
    DebeziumEngine<ChangeEvent<String, String>> engine =
        DebeziumEngine.create(Json.class)
            .using(properties(URI.create(arguments[0]), arguments[1]))
            .notifying(
                (records, committer) -> {
                  for (ChangeEvent<String, String> record : records) {
                    if (record.destination().endsWith("." + Source.END_TABLE)) {
                      over.complete(null);
                    }
                  }
                  committer.markProcessed(records.get(records.size() - 1));
                  committer.markBatchFinished();
                })
            .using(
                (success, message, error) ->
                    over.completeExceptionally(new IllegalStateException(message, error)))
            .build();
    Executors.newSingleThreadExecutor().execute(engine);
    over.get();
    System.exit(0); // as a process does that is stopped
  }

  private static Properties properties(URI source, String slot) {
    Properties p = new Properties();
    p.setProperty("name", slot);
    p.setProperty("topic.prefix", "bench");
    p.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
    p.setProperty("database.hostname", source.getHost());
    p.setProperty("database.port", Integer.toString(source.getPort()));
    p.setProperty("database.user", source.getUserInfo().split(":")[0]);
    p.setProperty("database.password", source.getUserInfo().split(":")[1]);
    p.setProperty("database.dbname", Source.DATABASE);
    p.setProperty("plugin.name", "pgoutput");
    p.setProperty("slot.name", slot);
    p.setProperty("publication.name", Source.PUBLICATION);
    p.setProperty("publication.autocreate.mode", "disabled");
    p.setProperty("snapshot.mode", "no_data");
    p.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
    // As Debezium Server's documentation advises: without the schema in each event.
    p.setProperty("key.converter.schemas.enable", "false");
    p.setProperty("value.converter.schemas.enable", "false");
    return p;
  }
}
