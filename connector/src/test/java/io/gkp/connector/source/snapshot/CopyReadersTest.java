package io.gkp.connector.source.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.Tuple;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/** A table that several readers read while it becomes another one. */
class CopyReadersTest {
  /** Far more bytes than wait anywhere between the server and who takes the rows. */
  private static final int ROWS = 8_000;

  private static final TableName TABLE = new TableName("public", "t");
  private static final BlockRanges MANY = new BlockRanges(3, 4);

  static IntStream versions() {
    return TestPostgres.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void eachRowIsReadOnceAsItWas(int version) throws Exception {
    TestPostgres.Database database = database(version);
    List<String> rows =
        read(
            database,
            () ->
                database.execute(
                    "UPDATE t SET v = -v WHERE id % 3 = 0", // in another block, its text unchanged
                    "DELETE FROM t WHERE id % 10 <> 0 AND id % 3 <> 0",
                    "INSERT INTO t SELECT i, 0, repeat('x', 300) FROM generate_series(100000, 180000) i"));
    assertThat(rows)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.rangeClosed(1, ROWS).mapToObj(id -> id + " " + id + " 4000").toList());
  }

  /** The holder of the snapshot is the first session, another reader the last. */
  @ParameterizedTest
  @ValueSource(strings = {"ASC", "DESC"})
  void aSessionThatIsLostEndsTheRead(String order) {
    TestPostgres.Database database = database(18);
    assertThatThrownBy(
            () ->
                read(
                    database,
                    () ->
                        database.execute(
                            "SELECT pg_terminate_backend(pid) FROM (SELECT pid FROM"
                                + " pg_stat_activity WHERE query LIKE 'COPY%' AND datname ="
                                + " current_database() ORDER BY backend_start "
                                + order
                                + " LIMIT 1) AS one")))
        .isInstanceOf(ExportException.class);
  }

  /** The driver forgets it in the middle of a COPY. */
  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void theServersLastWordsAreTold(int version) throws SQLException {
    TestPostgres.Database database = TestPostgres.version(version).createDatabase();
    SourceConfig config =
        SourceConfig.parse(database.url(), null, "slot", "publication", List.of(TABLE));
    SourceDatabase source = new SourceDatabase(config);
    try (Connection holder = source.connect()) {
      int pid = holder.unwrap(PGConnection.class).getBackendPID();
      CompletableFuture<Void> ended =
          CompletableFuture.runAsync(
              () ->
                  await()
                      .until(
                          () ->
                              !database
                                  .query(
                                      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                                          + " WHERE wait_event = 'PgSleep' AND pid = "
                                          + pid)
                                  .isEmpty()));
      assertThatThrownBy(
              () ->
                  new CopyReaders(
                          source, holder, List.of("(SELECT 1, pg_sleep(60))"), copy -> {}, 1)
                      .read(line -> {}))
          .isInstanceOfSatisfying(
              SQLException.class,
              e -> {
                ExportException failure = SourceErrors.toFailure(config, e);
                assertThat(failure.failure()).isEqualTo(Failure.SOURCE_LOST);
                assertThat(failure.sentence())
                    .contains("terminating connection due to administrator command.");
              });
      ended.join();
    }
  }

  @Test
  void aFunctionOfOthersThatComesMeanwhileIsNotCalled() {
    TestPostgres.Database database = database(18);
    assertThatThrownBy(
            () ->
                read(
                    database,
                    () ->
                        database.execute(
                            "CREATE ROLE stranger_" + database.name(),
                            "CREATE FUNCTION trap() RETURNS int IMMUTABLE LANGUAGE plpgsql AS"
                                + " $$ BEGIN RETURN 1; END $$",
                            "ALTER FUNCTION trap() OWNER TO stranger_" + database.name(),
                            "CREATE INDEX ON t (v) WHERE v > trap()")))
        .hasMessageContaining("trap()");
  }

  @Test
  void whoStopsInTheMiddleLeavesNoReaderBehind() {
    TestPostgres.Database database = database(18);
    assertThatThrownBy(
            () ->
                read(
                    database,
                    () -> {
                      throw new IllegalStateException("enough");
                    }))
        .hasMessage("enough");
    assertThat(
            database.query(
                "SELECT count(*)::text FROM pg_stat_activity WHERE query LIKE 'COPY%' AND state ="
                    + " 'active' AND datname = current_database()"))
        .containsExactly(List.of("0"));
  }

  private static TestPostgres.Database database(int version) {
    TestPostgres.Database database = TestPostgres.version(version).createDatabase();
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v int, long text)",
        "ALTER TABLE t ALTER long SET STORAGE EXTERNAL",
        "CREATE PUBLICATION publication FOR TABLE t",
        "INSERT INTO t SELECT i, i, repeat('y', 4000) FROM generate_series(1, " + ROWS + ") i");
    return database;
  }

  /**
   * @param meanwhile done when the first row has come
   */
  private static List<String> read(TestPostgres.Database database, Runnable meanwhile)
      throws InterruptedException {
    SourceDatabase source =
        new SourceDatabase(
            SourceConfig.parse(database.url(), null, "slot", "publication", List.of(TABLE)));
    List<String> rows = new ArrayList<>();
    new SnapshotReader(source, new Catalogue(source), MANY)
        .read(
            TABLE,
            new SnapshotReader.RowHandler() {
              @Override
              public void begin(SourceTable layout, Lsn lsn) {}

              @Override
              public void row(Tuple values) {
                if (rows.isEmpty()) {
                  meanwhile.run();
                }
                rows.add(values.text(0) + " " + values.text(1) + " " + values.length(2));
              }
            });
    return rows;
  }
}
