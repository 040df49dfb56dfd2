package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.snapshot.Condition;
import io.gkp.connector.source.snapshot.SnapshotReader;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.Tuple;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A snapshot that has to wait for a change of its table sees the table as it is afterwards. */
class LockedSnapshotTest {
  private static final int ROWS = 1000;

  private static final TableName TABLE = new TableName("public", "items");

  static Stream<Arguments> changes() {
    return Stream.of(14, 18)
        .flatMap(
            version ->
                Stream.of(
                        "ALTER TABLE items ALTER n TYPE bigint",
                        "ALTER TABLE items ADD added text DEFAULT clock_timestamp()::text",
                        "CREATE TEMP TABLE kept AS TABLE items; TRUNCATE items;"
                            + " INSERT INTO items TABLE kept",
                        "CLUSTER items USING items_pkey",
                        "ALTER TABLE items RENAME TO former; CREATE TABLE items (id int PRIMARY KEY,"
                            + " n bigint) PARTITION BY RANGE (id); ALTER TABLE former ALTER n TYPE"
                            + " bigint; ALTER TABLE items ATTACH PARTITION former FOR VALUES FROM"
                            + " (0) TO (5000); ALTER PUBLICATION gkp_export ADD TABLE items")
                    .map(change -> Arguments.of(version, change)));
  }

  @ParameterizedTest
  @MethodSource("changes")
  void everyRowIsRead(int version, String change) throws Exception {
    TestPostgres.Database database = TestPostgres.version(version).createDatabase();
    database.execute(
        "CREATE TABLE items (id int PRIMARY KEY, n int)",
        "INSERT INTO items SELECT i, i FROM generate_series(1, " + ROWS + ") i",
        "CREATE PUBLICATION gkp_export FOR TABLE items WITH (publish_via_partition_root = true)");
    SourceDatabase source =
        new SourceDatabase(
            SourceConfig.parse(database.url(), null, "unused", "gkp_export", List.of(TABLE)));
    SnapshotReader reader = new SnapshotReader(source, new Catalogue(source));
    for (boolean filtered : new boolean[] {false, true}) {
      Rows rows = new Rows();
      try (Connection ddl = database.connect();
          Statement statement = ddl.createStatement()) {
        ddl.setAutoCommit(false);
        statement.execute("LOCK TABLE items IN ACCESS EXCLUSIVE MODE");
        CompletableFuture<Void> read =
            CompletableFuture.runAsync(
                () -> {
                  try {
                    if (filtered) {
                      reader.read(TABLE, new Condition("n > 0"), Duration.ofMinutes(1), rows);
                    } else {
                      reader.read(TABLE, rows);
                    }
                  } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                  }
                });
        await().until(() -> !database.query("SELECT 1 FROM pg_locks WHERE NOT granted").isEmpty());
        statement.execute(filtered ? "ALTER TABLE items ALTER n TYPE numeric" : change);
        ddl.commit();
        read.get();
      }
      assertThat(rows.values).as("filtered: %s", filtered).hasSize(ROWS);
    }
    TestPostgres.version(version).drop(database);
  }

  private static final class Rows implements SnapshotReader.RowHandler {
    private final List<String> values = new ArrayList<>();

    @Override
    public void begin(SourceTable layout, Lsn lsn) {
      assertThat(layout.columns()).isNotEmpty();
    }

    @Override
    public void row(Tuple row) {
      values.add(row.text(0));
    }
  }
}
