package io.gkp.connector.source.snapshot;

import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.source.Blockers;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Waits for transactions that may have written a table before the publication held it as it does
 * now. The stream brings what they write from then on, and nothing of before; a snapshot brings
 * nothing of them at all while they are under way. Nobody is kept from writing meanwhile.
 */
final class EarlierWriters {
  private static final long PAUSE_MILLIS = 100;

  private final Connection connection;
  private final String publication;

  /**
   * @param connection without a snapshot
   */
  EarlierWriters(Connection connection, String publication) {
    this.connection = connection;
    this.publication = publication;
  }

  /**
   * Returns when they have ended.
   *
   * @throws io.gkp.failure.ExportException {@code SOURCE_LOCKED} where they do not, for as long as
   *     a lock would be waited for
   */
  void await(TableName table) throws SQLException, InterruptedException {
    long end = System.nanoTime() + SessionSettings.LOCK_TIMEOUT.toNanos();
    Blockers blockers = new Blockers(connection);
    List<String> writers = blockers.writersFromBefore(table, publication);
    while (!writers.isEmpty()) {
      if (System.nanoTime() >= end) {
        throw Blockers.writing(table, writers);
      }
      Thread.sleep(PAUSE_MILLIS);
      writers = blockers.writersFromBefore(table, publication);
    }
  }
}
