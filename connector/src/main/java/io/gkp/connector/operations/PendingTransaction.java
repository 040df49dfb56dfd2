package io.gkp.connector.operations;

import io.gkp.connector.composition.Compositions;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.session.SessionSettings;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A transaction that the slot would send next, known by its counts alone: none of its values is
 * read, so that one which stops everything else can still be looked at.
 *
 * @param end where it ends
 * @param changes number of its changes by captured table
 * @param others number of its changes by other tables that are published
 */
public record PendingTransaction(
    long xid, Lsn end, Map<String, Long> changes, Map<String, Long> others) {
  /** More than anybody wants to look at. */
  private static final int MAX_OTHERS = 20;

  /** Long enough for the tables of a TRUNCATE; values of other messages lie behind it. */
  private static final int PREFIX = 300;

  private static final List<Integer> LOOK_AHEAD = List.of(1, 10_000, 1_000_000);

  private static final String PEEK =
      "SELECT substring(data FROM 1 FOR "
          + PREFIX
          + ") FROM pg_catalog.pg_logical_slot_peek_binary_changes(?, NULL, ?,"
          + " 'proto_version', '1', 'publication_names', ?)";

  /** Whether leaving it out loses something. */
  public boolean isCaptured() {
    return !changes.isEmpty();
  }

  /**
   * The transactions up to the first one with changes of captured tables; nothing is consumed.
   * Those before it have changes of other tables alone, which the server sends too; of very many
   * the first ones.
   *
   * @param connection in autocommit mode
   */
  public static List<PendingTransaction> upToCaptured(Connection connection, SourceConfig config)
      throws SQLException {
    List<PendingTransaction> found = List.of();
    for (int ahead : LOOK_AHEAD) {
      found = peek(connection, config, ahead);
      if (found.stream().anyMatch(PendingTransaction::isCaptured)) {
        return found;
      }
    }
    return found;
  }

  private static List<PendingTransaction> peek(
      Connection connection, SourceConfig config, int ahead) throws SQLException {
    connection.setAutoCommit(false);
    try (PreparedStatement statement = connection.prepareStatement(PEEK)) {
      Reader reader = new Reader(Compositions.tables(connection, config));
      SessionSettings.bringStoredText(
          connection); // a value that cannot be converted is to be skipped
      statement.setFetchSize(1_000);
      statement.setString(1, config.slot());
      statement.setInt(2, ahead);
      statement.setString(3, TableName.quote(config.publication()));
      List<PendingTransaction> all = new ArrayList<>();
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          PendingTransaction found = reader.read(ByteBuffer.wrap(row.getBytes(1)));
          if (found != null && (found.isCaptured() || all.size() < MAX_OTHERS)) {
            all.add(found);
          }
          if (found != null && found.isCaptured()) {
            break;
          }
        }
      }
      return all;
    } finally {
      connection.rollback();
      connection.setAutoCommit(true);
    }
  }

  /**
   * Reads the heads of pgoutput messages.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/current/protocol-logicalrep-message-formats.html">message
   *     formats</a>
   */
  private static final class Reader {
    private final Map<Integer, TableName> captured;
    private final Map<Integer, String> otherNames = new HashMap<>();
    private final Map<String, Long> changes = new TreeMap<>();
    private final Map<String, Long> others = new TreeMap<>();
    private long xid;

    /**
     * @param captured tables by OID: their names may have been others at the time
     */
    Reader(Map<Integer, TableName> captured) {
      this.captured = captured;
    }

    /** The transaction, at the commit of one with changes; otherwise null. */
    @Nullable PendingTransaction read(ByteBuffer message) {
      switch (message.get()) {
        case 'B' -> {
          xid = Integer.toUnsignedLong(message.getInt(1 + 8 + 8));
          changes.clear();
          others.clear();
        }
        case 'R' -> otherNames.put(message.getInt(), name(message) + "." + name(message));
        case 'I', 'U', 'D' -> count(message.getInt());
        case 'T' -> {
          int tables = message.getInt();
          message.get();
          for (int i = 0; i < tables && message.remaining() >= 4; i++) {
            count(message.getInt());
          }
        }
        case 'C' -> {
          if (!changes.isEmpty() || !others.isEmpty()) {
            return new PendingTransaction(
                xid,
                new Lsn(message.getLong(1 + 1 + 8)),
                new TreeMap<>(changes),
                new TreeMap<>(others));
          }
        }
        default -> {
          // Types, origins and messages are no changes.
        }
      }
      return null;
    }

    private void count(int relation) {
      TableName table = captured.get(relation);
      if (table != null) {
        changes.merge(table.display(), 1L, Long::sum);
      } else {
        others.merge(otherNames.getOrDefault(relation, "?"), 1L, Long::sum);
      }
    }

    private static String name(ByteBuffer message) {
      ByteArrayOutputStream name = new ByteArrayOutputStream();
      for (byte b = message.get(); b != 0; b = message.get()) {
        name.write(b);
      }
      return name.toString(StandardCharsets.UTF_8);
    }
  }
}
