package io.gkp.connector.source;

import io.gkp.connector.config.TableName;
import io.gkp.connector.debezium.TextSession;
import io.gkp.connector.mapping.SourceColumn;
import io.gkp.connector.mapping.SourceTable;
import io.gkp.offsets.Lsn;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;

/**
 * Reads one table as of one moment, in the text that the stream brings too.
 *
 * <p>{@code COPY} sends what a type's output function prints, and so does pgoutput; both sessions
 * have the same settings ({@link TextSession}). So a value is the same whichever way it comes.
 */
public final class SnapshotReader {
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

    void row(String[] values) throws InterruptedException;
  }

  /**
   * Reads all rows, one at a time: memory does not depend on their number.
   *
   * @throws io.gkp.failure.ExportException when the source fails; rows handed over before are part
   *     of nothing complete
   */
  public void read(TableName table, RowHandler handler) throws InterruptedException {
    try {
      copyRows(table, null, Duration.ZERO, handler);
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }

  /**
   * Reads the rows that satisfy a condition.
   *
   * @param timeout the server gives up after this long
   * @throws io.gkp.failure.ExportException {@code BACKFILL_REJECTED} where the condition is to
   *     blame, and no other time will be better
   */
  public void read(TableName table, Condition condition, Duration timeout, RowHandler handler)
      throws InterruptedException {
    try {
      copyRows(table, condition.parenthesized(), timeout, handler);
    } catch (SQLException e) {
      throw BackfillErrors.toFailure(database.config(), table, e);
    }
  }

  private void copyRows(TableName table, String condition, Duration timeout, RowHandler handler)
      throws SQLException, InterruptedException {
    try (Connection connection = database.connect()) {
      TextSession.prepare(connection);
      try (Statement statement = connection.createStatement()) {
        // An error instead of a part of the rows, where row-level security would hide some.
        statement.execute("SET row_security = off");
        statement.execute("SET statement_timeout = " + timeout.toMillis());
        statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        Lsn lsn = WalPosition.current(connection);
        SourceTable layout = catalogue.table(connection, table);
        handler.begin(layout, lsn);
        String select =
            select(statement, table, layout) + (condition == null ? "" : " WHERE " + condition);
        copy(connection, select, layout.columns().size(), handler);
        statement.execute("COMMIT");
      }
    }
  }

  private static void copy(Connection connection, String select, int columns, RowHandler handler)
      throws SQLException, InterruptedException {
    CopyOut rows =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY (" + select + ") TO STDOUT");
    try {
      for (byte[] line = rows.readFromCopy(); line != null; line = rows.readFromCopy()) {
        handler.row(CopyText.row(line, columns));
      }
    } finally {
      if (rows.isActive()) {
        rows.cancelCopy();
      }
    }
  }

  private static String select(Statement statement, TableName table, SourceTable layout)
      throws SQLException {
    String columns =
        layout.columns().stream().map(SnapshotReader::expression).collect(Collectors.joining(", "));
    return "SELECT "
        + columns
        + " FROM "
        + (isPartitioned(statement, table) ? "" : "ONLY ")
        + table.quoted();
  }

  /** An excluded column is not read at all. */
  private static String expression(SourceColumn column) {
    return column.protection().isExcluded() ? "NULL" : TableName.quote(column.name());
  }

  /** A partitioned table has its rows in its partitions; an inheritance parent has its own. */
  private static boolean isPartitioned(Statement statement, TableName table) throws SQLException {
    String literal = "'" + table.quoted().replace("'", "''") + "'::regclass";
    try (ResultSet row =
        statement.executeQuery(
            "SELECT relkind = 'p' FROM pg_catalog.pg_class WHERE oid = " + literal)) {
      return row.next() && row.getBoolean(1);
    }
  }
}
