package io.gkp.connector.source.snapshot;

import io.gkp.connector.session.ServerText;
import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.connector.source.WalPosition;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.wire.CopyText;
import io.gkp.connector.wire.Tuple;
import io.gkp.failure.ExportException;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads one table as of one moment, in the text that the stream brings too.
 *
 * <p>{@code COPY} sends what a type's output function prints, and so does pgoutput; both sessions
 * have the same settings ({@link SessionSettings}). So a value is the same whichever way it comes.
 *
 * <p>The order matters. DDL that rewrites a table, and TRUNCATE, are not MVCC-safe: a snapshot that
 * is older than they finds the table empty. So the position comes first, the lock second ({@link
 * TableLock}), and then the one snapshot that shows layout and rows, however many statements read
 * them ({@link TableCopies}).
 *
 * @see <a href="https://www.postgresql.org/docs/current/mvcc-caveats.html">PostgreSQL: caveats</a>
 */
public final class SnapshotReader {
  private final SourceDatabase database;
  private final Catalogue catalogue;
  private final BlockRanges ranges;

  public SnapshotReader(SourceDatabase database, Catalogue catalogue) {
    this(database, catalogue, BlockRanges.ofThisMachine());
  }

  SnapshotReader(SourceDatabase database, Catalogue catalogue, BlockRanges ranges) {
    this.database = database;
    this.catalogue = catalogue;
    this.ranges = ranges;
  }

  /** Receives the rows of a snapshot. */
  public interface RowHandler {
    /**
     * Called once, before the first row.
     *
     * @param lsn a position that the snapshot is not older than
     */
    void begin(SourceTable layout, Lsn lsn) throws InterruptedException;

    void row(Tuple values) throws InterruptedException;

    /**
     * Called once, before {@link #begin}.
     *
     * @param visible {@code pg_current_snapshot()}: the transactions that the rows tell of
     */
    default void seeing(String visible) {}

    /**
     * Called once, before {@link #begin}, where all rows of a table are read.
     *
     * @param attached versions of the partitions' rows in {@code pg_inherits}, by the OIDs of the
     *     partitions whose rows are among them
     */
    default void partitions(Map<Long, Long> attached) {}
  }

  /**
   * Reads all rows, one at a time: memory does not depend on their number.
   *
   * @throws ExportException when the source fails; rows handed over before are part of nothing
   *     complete. {@code SOURCE_LOCKED} where it was not begun, since somebody has the table
   *     locked; {@code PLANNED_FUNCTIONS} where it would run functions of others
   */
  public void read(TableName table, RowHandler handler) throws InterruptedException {
    readSome(
        table,
        (copies, layout) -> {
          handler.partitions(copies.partitions());
          return copies.all();
        },
        handler);
  }

  /**
   * Reads the rows of one partition.
   *
   * @param partition its OID; where it is none any more, there are no rows
   * @throws ExportException as {@link #read(TableName, RowHandler)}
   */
  public void readPartition(TableName table, long partition, RowHandler handler)
      throws InterruptedException {
    readSome(table, (copies, layout) -> copies.ofPartition(partition), handler);
  }

  /**
   * Where a table's rows lie.
   *
   * @return its blocks, a range for each partition; none where it cannot be read by blocks
   * @throws ExportException as {@link #read(TableName, RowHandler)}
   */
  public List<TableBlocks> blocks(TableName table) throws InterruptedException {
    try (Connection connection = database.connect();
        TableLock lock = new TableLock(database, connection, table)) {
      lock.begin();
      SessionSettings.prepareTransaction(connection);
      return new TableCopies(connection, catalogue.table(connection, table), ranges).blocks();
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }

  /**
   * Reads the rows that lie in some blocks.
   *
   * @throws TableBlocks.Moved where they were written anew, so that they lie elsewhere
   * @throws ExportException as {@link #read(TableName, RowHandler)}
   */
  public void read(TableName table, TableBlocks blocks, RowHandler handler)
      throws InterruptedException {
    readSome(table, (copies, layout) -> copies.of(blocks), handler);
  }

  /**
   * Reads the rows that satisfy a condition.
   *
   * @param timeout the server gives up after this long
   * @throws ExportException {@code BACKFILL_REJECTED} where the condition is to blame, and no other
   *     time will be better; others as {@link #read(TableName, RowHandler)}
   */
  public void read(TableName table, Condition condition, Duration timeout, RowHandler handler)
      throws InterruptedException {
    try {
      read(
          table,
          (copies, layout) -> copies.where(condition.over(layout), database.config()),
          timeout,
          handler);
    } catch (SQLException e) {
      throw BackfillErrors.ofExecution(database.config(), table, e);
    }
  }

  /**
   * Reads some rows.
   *
   * @param part which rows of the table as it is then, an expression of this program's own
   * @throws ExportException as {@link #read(TableName, RowHandler)}
   */
  public void readPart(TableName table, Function<SourceTable, String> part, RowHandler handler)
      throws InterruptedException {
    readSome(table, (copies, layout) -> copies.where(part.apply(layout)), handler);
  }

  /** Which rows; asked in the transaction, once the table is locked. */
  @FunctionalInterface
  private interface Rows {
    List<String> of(TableCopies copies, SourceTable layout) throws SQLException;
  }

  private void readSome(TableName table, Rows rows, RowHandler handler)
      throws InterruptedException {
    try {
      read(table, rows, Duration.ZERO, handler);
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }

  private void read(TableName table, Rows rows, Duration timeout, RowHandler handler)
      throws SQLException, InterruptedException {
    database.<InterruptedException>work(
        connection -> read(connection, table, rows, timeout, handler));
  }

  private void read(
      Connection connection, TableName table, Rows rows, Duration timeout, RowHandler handler)
      throws SQLException, InterruptedException {
    try (TableLock lock = new TableLock(database, connection, table);
        Statement statement = connection.createStatement()) {
      Lsn lsn = WalPosition.current(connection);
      lock.begin();
      SessionSettings.prepareTransaction(connection);
      statement.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
      handler.seeing(visible(statement));
      SourceTable layout = catalogue.table(connection, table);
      List<String> copies = rows.of(new TableCopies(connection, layout, ranges), layout);
      handler.begin(layout, lsn);
      copy(connection, copies, layout, handler);
      statement.execute("ROLLBACK");
    }
  }

  private static String visible(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT pg_current_snapshot()")) {
      row.next();
      return row.getString(1);
    }
  }

  private void copy(
      Connection connection, List<String> copies, SourceTable layout, RowHandler handler)
      throws SQLException, InterruptedException {
    ServerText text = ServerText.of(connection);
    int[] places = TableCopies.places(layout);
    int columns = layout.columns().size();
    CopyReaders.Guard guard =
        copies.size() == 1 // it was looked at a moment ago
            ? copy -> {}
            : copy ->
                TableCopies.check(database, new TableName(layout.schema(), layout.name()), copy);
    new CopyReaders(database, connection, copies, guard, ranges.readers())
        .read(
            line -> {
              Tuple row = CopyText.row(line, places.length, text);
              handler.row(places.length == columns ? row : row.among(places, columns));
            });
  }
}
