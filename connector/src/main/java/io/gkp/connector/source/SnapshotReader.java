package io.gkp.connector.source;

import io.gkp.connector.session.ServerText;
import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.source.table.SourceColumn;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads one table as of one moment, in the text that the stream brings too.
 *
 * <p>{@code COPY} sends what a type's output function prints, and so does pgoutput; both sessions
 * have the same settings ({@link SessionSettings}). So a value is the same whichever way it comes.
 *
 * <p>The order within the transaction matters. DDL that rewrites a table, and TRUNCATE, are not
 * MVCC-safe: a snapshot that is older than they finds the table empty. So the lock comes first, by
 * a statement of its own, and the isolation level gives each later statement a snapshot that is
 * newer than the lock: position, layout, and rows.
 *
 * @see <a href="https://www.postgresql.org/docs/current/mvcc-caveats.html">PostgreSQL: caveats</a>
 */
public final class SnapshotReader {
  private static final String READ_COMMITTED = "READ COMMITTED";

  private final SourceDatabase database;
  private final Catalogue catalogue;

  public SnapshotReader(SourceDatabase database, Catalogue catalogue) {
    this.database = database;
    this.catalogue = catalogue;
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
     * @param visible {@code pg_current_snapshot()}: with {@link #readAsOf}, the transactions that
     *     the rows tell of
     */
    default void seeing(String visible) {}
  }

  /**
   * Reads all rows, one at a time: memory does not depend on their number.
   *
   * @throws ExportException when the source fails; rows handed over before are part of nothing
   *     complete. {@code SOURCE_LOCKED} where it was not begun, since somebody has the table locked
   */
  public void read(TableName table, RowHandler handler) throws InterruptedException {
    try {
      copyRows(READ_COMMITTED, table, (connection, layout) -> "", Duration.ZERO, handler);
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }

  /**
   * Reads some rows.
   *
   * @param part which, an expression of this program's own
   * @throws ExportException as {@link #read(TableName, RowHandler)}
   */
  public void readPart(TableName table, String part, RowHandler handler)
      throws InterruptedException {
    try {
      copyRows(
          READ_COMMITTED, table, (connection, layout) -> " WHERE " + part, Duration.ZERO, handler);
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }

  /**
   * Reads the rows that satisfy a condition.
   *
   * @param timeout the server gives up after this long
   * @throws ExportException {@code BACKFILL_REJECTED} where the condition is to blame, and no other
   *     time will be better; {@code SOURCE_LOCKED} as above
   */
  public void read(TableName table, Condition condition, Duration timeout, RowHandler handler)
      throws InterruptedException {
    try {
      copyRows(
          READ_COMMITTED,
          table,
          (connection, layout) -> where(connection, condition, layout),
          timeout,
          handler);
    } catch (SQLException e) {
      throw BackfillErrors.ofExecution(database.config(), table, e);
    }
  }

  /**
   * Reads rows and tells which transactions they are of. One snapshot for all statements would be
   * older than the lock, so another session holds the lock before it is fixed.
   *
   * @param condition null for none
   * @param part which rows of the table as it is then, an expression of this program's own; null
   *     for all
   * @param timeout the server gives up after this long; zero for never
   * @throws io.gkp.failure.ExportException {@code BACKFILL_REJECTED} where the condition is to
   *     blame
   */
  public void readAsOf(
      TableName table,
      Condition condition,
      Function<SourceTable, String> part,
      Duration timeout,
      RowHandler handler)
      throws InterruptedException {
    try (Connection holder = database.connect();
        Statement statement = holder.createStatement()) {
      statement.execute("BEGIN READ ONLY");
      SessionSettings.prepareTransaction(holder);
      lock(statement, table);
      copyRows(
          "REPEATABLE READ",
          table,
          (connection, layout) ->
              condition != null
                  ? where(connection, condition, layout)
                  : part != null ? " WHERE " + part.apply(layout) : "",
          timeout,
          handler);
    } catch (SQLException e) {
      throw condition == null
          ? SourceErrors.toFailure(database.config(), e)
          : BackfillErrors.ofExecution(database.config(), table, e);
    }
  }

  private String where(Connection connection, Condition condition, SourceTable layout)
      throws SQLException {
    BackfillRole.take(connection, database.config());
    return " WHERE " + condition.over(layout);
  }

  /** What follows the table's name; asked in the transaction, once the table is locked. */
  @FunctionalInterface
  private interface Rows {
    String where(Connection connection, SourceTable layout) throws SQLException;
  }

  private void copyRows(
      String isolation, TableName table, Rows which, Duration timeout, RowHandler handler)
      throws SQLException, InterruptedException {
    try (Connection connection = database.connect()) {
      try (Statement statement = connection.createStatement()) {
        statement.execute("BEGIN ISOLATION LEVEL " + isolation + " READ ONLY");
        SessionSettings.prepareTransaction(connection);
        statement.execute("SET LOCAL statement_timeout = " + timeout.toMillis());
        lock(statement, table);
        handler.seeing(visible(statement));
        Lsn lsn = WalPosition.current(connection);
        SourceTable layout = catalogue.table(connection, table);
        String where = which.where(connection, layout);
        handler.begin(layout, lsn);
        String select = select(layout) + from(statement, table) + where;
        copy(connection, select, layout.columns().size(), handler);
        statement.execute("ROLLBACK");
      }
    }
  }

  private static String visible(Statement statement) throws SQLException {
    try (ResultSet row = statement.executeQuery("SELECT pg_current_snapshot()")) {
      row.next();
      return row.getString(1);
    }
  }

  private static void copy(Connection connection, String select, int columns, RowHandler handler)
      throws SQLException, InterruptedException {
    ServerText text = ServerText.of(connection);
    CopyOut rows =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (" + select + ") TO STDOUT (ENCODING '" + text.encoding() + "')");
    try {
      for (byte[] line = rows.readFromCopy(); line != null; line = rows.readFromCopy()) {
        handler.row(CopyText.row(line, columns, text));
      }
    } finally {
      if (rows.isActive()) {
        rows.cancelCopy();
      }
    }
  }

  /**
   * Waits for ALTER TABLE and its like, and keeps them away until the end of the transaction, from
   * partitions too; from now on the name means this table. Unlike LOCK TABLE it asks for no more
   * rights than the rows do: some columns'.
   */
  private void lock(Statement statement, TableName table) throws SQLException {
    try {
      statement.execute("SELECT FROM " + table.quoted() + " LIMIT 0");
    } catch (SQLException e) {
      if (!SourceErrors.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
      statement.execute("ROLLBACK");
      throw new Blockers(statement.getConnection())
          .failure(List.of(table), Blockers.KEEPS_FROM_READING, "could not be read", e);
    }
  }

  private static String select(SourceTable layout) {
    return layout.columns().stream()
        .map(SnapshotReader::expression)
        .collect(Collectors.joining(", ", "SELECT ", ""));
  }

  /** A partitioned table has its rows in its partitions; an inheritance parent has its own. */
  private static String from(Statement statement, TableName table) throws SQLException {
    return " FROM " + (isPartitioned(statement, table) ? "" : "ONLY ") + table.quoted();
  }

  /** An excluded column is not read at all. */
  private static String expression(SourceColumn column) {
    return column.protection().isExcluded() ? "NULL" : TableName.quote(column.name());
  }

  private static boolean isPartitioned(Statement statement, TableName table) throws SQLException {
    String literal = "'" + table.quoted().replace("'", "''") + "'::regclass";
    try (ResultSet row =
        statement.executeQuery(
            "SELECT relkind = 'p' FROM pg_catalog.pg_class WHERE oid = " + literal)) {
      return row.next() && row.getBoolean(1);
    }
  }
}
