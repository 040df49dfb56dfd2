package io.gkp.connector.mapping;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.session.ServerText;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.connector.source.stream.ChangeStream;
import io.gkp.connector.source.stream.Fence;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What the export's engine delivers from a slot: first {@link #prepare}, then change the database,
 * then {@link #read}.
 */
final class CapturedChanges {
  static final String PUBLICATION = "mapping";

  private final TestPostgres.Database database;
  private final SourceConfig config;

  private CapturedChanges(TestPostgres.Database database, List<TableName> tables) {
    this.database = database;
    this.config =
        SourceConfig.parse(database.url(), null, "mapping_" + database.name(), PUBLICATION, tables);
  }

  /** Publishes all tables and creates the slot; changes are captured from here on. */
  static CapturedChanges prepare(TestPostgres.Database database, String... tables) {
    CapturedChanges changes =
        new CapturedChanges(
            database, Arrays.stream(tables).map(table -> new TableName("public", table)).toList());
    database.execute(
        "CREATE PUBLICATION " + PUBLICATION + " FOR ALL TABLES",
        "SELECT pg_create_logical_replication_slot('" + changes.config.slot() + "', 'pgoutput')");
    return changes;
  }

  /** All changes up to now, in order; the slot stays where it is. */
  List<Change> read() throws Exception {
    Lsn fence;
    ServerText encoding;
    try (Connection connection = database.connect()) {
      encoding = ServerText.of(connection);
      fence = Fence.set(connection);
    }
    Collector collector = new Collector(fence);
    try (ChangeStream stream =
        new ChangeStream(
            config,
            new Catalogue(new SourceDatabase(config)),
            Map.of(),
            encoding,
            fence,
            collector)) {
      CompletableFuture.anyOf(stream.start(), collector.end).get(120, TimeUnit.SECONDS);
    }
    return collector.changes;
  }

  private static final class Collector implements ChangeHandler {
    private final Lsn fence;
    private final List<Change> changes = new ArrayList<>();
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    private Collector(Lsn fence) {
      this.fence = fence;
    }

    @Override
    public void change(Change change) {
      changes.add(change);
    }

    @Override
    public boolean transactionEnd(Lsn end) {
      return !fence.isAfter(end) && fence(end);
    }

    @Override
    public boolean fence(Lsn position) {
      end.complete(null);
      return false;
    }

    @Override
    public Lsn durable() {
      return Lsn.NONE;
    }
  }
}
