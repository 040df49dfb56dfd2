package io.gkp.connector.source.snapshot;

import io.gkp.connector.checks.source.PlannedFunctions;
import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.source.Blockers;
import io.gkp.connector.source.RelationQuestion;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Waits for ALTER TABLE and its like, and keeps them away from a table and its partitions; from
 * then on the name means this table.
 *
 * <p>A transaction's one snapshot has to be newer than the lock. {@code LOCK TABLE} takes the lock
 * without a snapshot, and needs SELECT on the whole table. Where the role may read some columns
 * only, another session prepares a statement on the table, which takes the lock, needs no right,
 * and plans nothing.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-lock.html">LOCK</a>
 */
final class TableLock implements AutoCloseable {
  private final SourceDatabase database;
  private final Connection reader;
  private final TableName table;
  private @Nullable Connection holder;

  /**
   * @param reader whose transaction wants the lock
   */
  TableLock(SourceDatabase database, Connection reader, TableName table) {
    this.database = database;
    this.reader = reader;
    this.table = table;
  }

  /**
   * Begins the reader's transaction with it: {@code REPEATABLE READ}, its snapshot not yet taken.
   *
   * @throws io.gkp.failure.ExportException {@code SOURCE_LOCKED} where somebody keeps the table
   */
  void begin() throws SQLException {
    boolean whole =
        RelationQuestion.holds(reader, table, "pg_catalog.has_table_privilege(c.oid, 'SELECT')");
    try (Statement statement = reader.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      if (whole) {
        lock(statement, "LOCK TABLE " + table.quoted() + " IN ACCESS SHARE MODE");
      } else {
        hold();
      }
    }
  }

  private void hold() throws SQLException {
    holder = database.connect();
    try (Statement statement = holder.createStatement()) {
      statement.execute("BEGIN READ ONLY");
      SessionSettings.prepareTransaction(holder);
      lock(statement, "PREPARE lock AS SELECT FROM " + table.quoted());
      if (TableCopies.isPartitioned(holder, table)) {
        PlannedFunctions.refuse(holder, table, TableCopies.INSTEAD);
        lock(statement, "SELECT FROM " + table.quoted() + " LIMIT 0"); // the partitions, too
      }
    }
  }

  private void lock(Statement statement, String sql) throws SQLException {
    try {
      statement.execute(sql);
    } catch (SQLException e) {
      if (!SourceErrors.LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
        throw e;
      }
      statement.execute("ROLLBACK");
      throw new Blockers(statement.getConnection())
          .failure(List.of(table), Blockers.KEEPS_FROM_READING, "could not be read", e);
    }
  }

  @Override
  public void close() throws SQLException {
    if (holder != null) {
      holder.close();
    }
  }
}
