package io.gkp.connector.source.snapshot;

import io.gkp.connector.session.ServerText;
import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.silence.LastWords;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.failure.ExportException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collection;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyOut;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads what several {@code COPY}s bring, side by side under one snapshot, while their rows are
 * written by the thread that has asked.
 *
 * <p>The transaction that is given holds the lock and the snapshot, and reads itself. Others import
 * its snapshot as far as there is work for them; one that cannot connect leaves its work to those
 * that have. Whatever else goes wrong with one of them, the holder included, is the end of all.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-SNAPSHOT-SYNCHRONIZATION">Snapshot
 *     synchronization</a>
 */
final class CopyReaders {
  private static final Logger log = LoggerFactory.getLogger(CopyReaders.class);

  private final SourceDatabase database;
  private final Connection holder;
  private final ServerText encoding;
  private final Queue<String> copies;
  private final Guard guard;
  private final int readers;
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean stopped;

  /**
   * @param holder in a transaction, {@code REPEATABLE READ}
   * @param copies what {@code COPY} is told
   * @param guard asked before each of them
   * @param mostReaders at a time
   */
  CopyReaders(
      SourceDatabase database,
      Connection holder,
      Collection<String> copies,
      Guard guard,
      int mostReaders)
      throws SQLException {
    this.database = database;
    this.holder = holder;
    this.encoding = ServerText.of(holder);
    this.copies = new ConcurrentLinkedQueue<>(copies);
    this.guard = guard;
    this.readers = Math.max(1, Math.min(mostReaders, copies.size()));
  }

  /** Throws what speaks against a copy. */
  @FunctionalInterface
  interface Guard {
    void check(String copy) throws SQLException;
  }

  /** Passes each row on, in no order where there are several copies. */
  void read(RowQueue.Taker taker) throws SQLException, InterruptedException {
    RowQueue rows = new RowQueue(readers);
    String snapshot = readers == 1 ? null : export();
    start("snapshot-1", rows.new Writer(), writer -> copy(holder, writer));
    for (int reader = 2; reader <= readers; reader++) {
      start("snapshot-" + reader, rows.new Writer(), writer -> copyUnder(snapshot, writer));
    }
    try {
      rows.drain(taker);
    } catch (RuntimeException | Error | InterruptedException e) {
      stopped = true;
      rows.drain(line -> {}); // so that the readers get to know
      throw e;
    }
    throwFailure();
  }

  private void throwFailure() throws SQLException, InterruptedException {
    Throwable e = failure.get();
    if (e instanceof SQLException source) {
      throw source;
    } else if (e instanceof InterruptedException interrupted) {
      throw interrupted;
    } else if (e instanceof Error error) {
      throw error;
    } else if (e != null) {
      throw (RuntimeException) e;
    }
  }

  private String export() throws SQLException {
    try (Statement statement = holder.createStatement();
        ResultSet row = statement.executeQuery("SELECT pg_catalog.pg_export_snapshot()")) {
      row.next();
      return row.getString(1);
    }
  }

  @FunctionalInterface
  private interface Reader {
    void read(RowQueue.Writer writer) throws SQLException, InterruptedException;
  }

  private void start(String name, RowQueue.Writer writer, Reader reader) {
    Thread thread =
        new Thread(
            () -> {
              try {
                reader.read(writer);
                writer.pass();
              } catch (SQLException | InterruptedException | RuntimeException | Error e) {
                failure.compareAndSet(null, e);
                stopped = true;
              } finally {
                writer.close(); // last: then the failure is known
              }
            },
            name);
    thread.setDaemon(true);
    thread.start();
  }

  private void copyUnder(@Nullable String snapshot, RowQueue.Writer writer)
      throws SQLException, InterruptedException {
    Connection connection;
    try {
      connection = database.connect();
    } catch (ExportException e) {
      log.info("One reader less: {}", e.getMessage());
      return;
    }
    try (connection;
        Statement statement = connection.createStatement()) {
      statement.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
      statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot + "'");
      SessionSettings.prepareTransaction(connection);
      statement.execute("SET LOCAL statement_timeout = 0");
      copy(connection, writer);
      statement.execute("ROLLBACK");
    }
  }

  private void copy(Connection connection, RowQueue.Writer writer)
      throws SQLException, InterruptedException {
    for (String copy = copies.poll(); copy != null && !stopped; copy = copies.poll()) {
      copy(connection, copy, writer);
    }
  }

  private void copy(Connection connection, String what, RowQueue.Writer writer)
      throws SQLException, InterruptedException {
    guard.check(what);
    CopyOut rows =
        connection
            .unwrap(PGConnection.class)
            .getCopyAPI()
            .copyOut("COPY " + what + " TO STDOUT (ENCODING '" + encoding.encoding() + "')");
    try {
      byte[] line = rows.readFromCopy();
      while (line != null && !stopped) {
        writer.add(line);
        line = rows.readFromCopy();
      }
    } catch (SQLException e) {
      throw LastWords.of(connection, e);
    } finally {
      if (rows.isActive()) {
        rows.cancelCopy();
      }
    }
  }
}
