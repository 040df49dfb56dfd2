package io.gkp.connector.source;

import io.gkp.connector.config.SourceConfig;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells whether a position is one of this server's past.
 *
 * <p>A promoted standby and a restored server write a WAL of their own, from the place where they
 * left the old one. Positions behind that place name other transactions there, so going on from one
 * would pass over changes in silence.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/current/continuous-archiving.html#BACKUP-TIMELINES">timelines</a>
 */
public final class WalHistory {
  private final Connection connection;
  private final SourceConfig source;

  public WalHistory(Connection connection, SourceConfig source) {
    this.connection = connection;
    this.source = source;
  }

  /** {@link #require(Checkpoint)} of whoever has no connection. */
  public static void require(SourceDatabase database, Checkpoint checkpoint) {
    database.ask(connection -> new WalHistory(connection, database.config()).require(checkpoint));
  }

  /** The timeline that is written now; null on a standby, which writes none. */
  public @Nullable Long timeline() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT CASE WHEN NOT pg_is_in_recovery()"
                    + " THEN left(pg_walfile_name(pg_current_wal_lsn()), 8) END")) {
      row.next();
      return row.getString(1) == null ? null : Long.valueOf(row.getString(1), 16);
    }
  }

  /** An id, of 64 bits, that no transaction has had yet. */
  public long nextTransaction() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + RunningTransactions.NEXT)) {
      row.next();
      return row.getLong(1);
    }
  }

  /**
   * Returns the checkpoint as one of the current timeline.
   *
   * @throws ExportException {@code LEDGER_AHEAD} when this server never had its transactions
   */
  public Checkpoint require(Checkpoint checkpoint) throws SQLException {
    Long timeline = timeline();
    if (timeline == null) {
      return checkpoint;
    }
    Lsn end = WalPosition.current(connection);
    if (checkpoint.timeline() != null && !checkpoint.timeline().equals(timeline)) {
      end = endOf(checkpoint.timeline(), timeline).orElse(Lsn.NONE);
    }
    if (checkpoint.lsn().isAfter(end)) {
      throw new ExportException(
          Failure.LEDGER_AHEAD,
          """
          The dataset holds changes up to LSN %s, but the history of Postgres at %s%s: it was \
          restored or failed over to."""
              .formatted(
                  checkpoint.lsn(),
                  source.describe(),
                  end.equals(Lsn.NONE) ? " is another one" : " has them up to " + end + " only"),
          "Check that --source-url leads to the right server; then run offsets reset --all --yes to"
              + " take new snapshots.");
    }
    return checkpoint.on(timeline);
  }

  /**
   * Where the server's history left an earlier timeline; empty where it was never on it. The first
   * timeline has no history, and none has later ones in it: a primary that was failed over from
   * goes on under the number it had.
   */
  private Optional<Lsn> endOf(long earlier, long current) throws SQLException {
    if (current < earlier) {
      return Optional.empty();
    }
    try (Connection replication = new SourceDatabase(source).connectForReplication();
        Statement statement = replication.createStatement();
        ResultSet row = statement.executeQuery("TIMELINE_HISTORY " + current)) {
      row.next();
      return new String(row.getBytes(2), StandardCharsets.UTF_8)
          .lines()
          .map(line -> line.split("\t"))
          .filter(fields -> fields.length >= 2 && fields[0].strip().equals(Long.toString(earlier)))
          .map(fields -> Lsn.parse(fields[1].strip()))
          .findFirst();
    }
  }
}
