package io.gkp.connector.source.snapshot;

import io.gkp.connector.session.SessionSettings;
import io.gkp.connector.source.Blockers;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.name.TableName;
import java.sql.SQLException;
import java.util.List;

/**
 * Waits for transactions that may have written a table before the publication held it as it does
 * now. PostgreSQL decodes each change by the catalogue of its time: the stream brings what they
 * write from then on, and nothing of before; a snapshot brings nothing of them at all while they
 * are under way. Nobody is kept from writing meanwhile.
 *
 * <p>The catalogue does not tell when a change of it was committed, only who made it. But whoever
 * wrote before that moment has a lower id than everybody who begins after a run has seen it. That
 * bound is recorded ({@code Composition.published}), so a table that always has writers is read all
 * the same.
 */
public final class EarlierWriters {
  private static final long PAUSE_MILLIS = 100;

  private final SourceDatabase database;

  public EarlierWriters(SourceDatabase database) {
    this.database = database;
  }

  /**
   * Returns when they have ended.
   *
   * @param published no transaction with this id (64 bits) or a higher one wrote the table before
   * @throws io.gkp.failure.ExportException {@code SOURCE_LOCKED} where they do not, for as long as
   *     a lock would be waited for
   */
  public void await(TableName table, long published) throws InterruptedException {
    try {
      database.<InterruptedException>work(
          connection -> await(new Blockers(connection), table, published));
    } catch (SQLException e) {
      throw SourceErrors.toFailure(database.config(), e);
    }
  }

  private static void await(Blockers blockers, TableName table, long published)
      throws SQLException, InterruptedException {
    long end = System.nanoTime() + SessionSettings.LOCK_TIMEOUT.toNanos();
    List<String> writers = blockers.writers(table, published);
    while (!writers.isEmpty()) {
      if (System.nanoTime() >= end) {
        throw Blockers.writing(table, writers);
      }
      Thread.sleep(PAUSE_MILLIS);
      writers = blockers.writers(table, published);
    }
  }
}
