package io.gkp.localbigquery.storage;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.duckdb.DuckDBConnection;

/**
 * A connection to the database, for one statement, job or transaction. What it stages goes when it
 * closes. Not for use by two threads.
 */
public final class Session implements AutoCloseable {
  private static final AtomicLong NAMES = new AtomicLong();

  private final DuckDBConnection connection;

  /** The tables that the open transaction has changed, by their display names. */
  private final Map<String, Pending> pending = new LinkedHashMap<>();

  private final List<Session> companions = new ArrayList<>();
  private final boolean isDurable;
  private boolean inTransaction;

  /**
   * What a transaction makes of a table.
   *
   * @param before as it was when the transaction changed it first
   * @param next as the transaction's statements see it
   * @param retirement of the state before
   */
  record Pending(StoredTable before, StoredTable next, Retirement retirement) {}

  Session(DuckDBConnection connection, boolean isDurable) {
    this.connection = connection;
    this.isDurable = isDurable;
  }

  /** Reads one row of a result. */
  public interface Row<T> {
    T read(ResultSet row) throws SQLException;
  }

  DuckDBConnection connection() {
    return connection;
  }

  /** Whether what is written here outlives the process. */
  public boolean isDurable() {
    return isDurable;
  }

  Map<String, Pending> pending() {
    return pending;
  }

  /** A name that nothing else in the process bears. */
  static String fresh(String prefix) {
    return prefix + NAMES.incrementAndGet();
  }

  public void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** Keeps the query's rows, in columns named by position, until the session closes. */
  public Staged stage(String query, List<Column> columns) {
    String table = fresh("staged_");
    execute("CREATE TEMP TABLE " + table + " AS " + query);
    LogicalBytes.Size size = LogicalBytes.of(columns).size(this, table);
    return new Staged(this, columns, "SELECT * FROM " + table, size.rows(), size.bytes());
  }

  /** The number of rows that the statement changed. */
  public long update(String sql, Object... parameters) {
    try (PreparedStatement statement = prepare(sql, parameters)) {
      return statement.executeLargeUpdate();
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  public <T> List<T> query(String sql, Row<T> row, Object... parameters) {
    List<T> rows = new ArrayList<>();
    try (PreparedStatement statement = prepare(sql, parameters);
        ResultSet result = statement.executeQuery()) {
      while (result.next()) {
        rows.add(row.read(result));
      }
      return rows;
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** The single number that the query returns. */
  public long number(String sql) {
    return query(sql, row -> row.getLong(1)).get(0);
  }

  private PreparedStatement prepare(String sql, Object... parameters) throws SQLException {
    PreparedStatement statement = connection.prepareStatement(sql);
    for (int i = 0; i < parameters.length; i++) {
      statement.setObject(i + 1, parameters[i]);
    }
    return statement;
  }

  public boolean inTransaction() {
    return inTransaction;
  }

  /** Runs the work in a transaction: all of it is done, and durable, or nothing. */
  public void transaction(Runnable work) {
    begin();
    try {
      work.run();
      commit();
    } catch (RuntimeException | Error e) {
      rollback(e);
      throw e;
    }
  }

  private void rollback(Throwable reason) {
    try {
      rollback();
    } catch (DatabaseException e) {
      // A transaction that failed may be gone already.
      reason.addSuppressed(e);
    }
  }

  public void begin() {
    execute("BEGIN TRANSACTION");
    inTransaction = true;
  }

  void commit() {
    execute("COMMIT");
    inTransaction = false;
  }

  public void rollback() {
    pending.clear();
    if (inTransaction) {
      inTransaction = false;
      execute("ROLLBACK");
    }
  }

  @Override
  public void close() {
    companions.forEach(Session::close);
    try {
      connection.close();
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** Another connection, which sees nothing of this one's transaction and closes with it. */
  public Session companion() {
    try {
      Session companion = new Session((DuckDBConnection) connection.duplicate(), isDurable);
      companions.add(companion);
      return companion;
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  /** The connection itself, for what no method here does. */
  public Connection jdbc() {
    return connection;
  }
}
