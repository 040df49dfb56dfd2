package io.gkp.connector.faults;

import io.gkp.offsets.Lsn;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What really happened in a database: its changes in commit order, read from a logical slot of its
 * own through another output plugin than the connector's.
 *
 * @see <a href="https://www.postgresql.org/docs/current/test-decoding.html">test_decoding</a>
 */
final class SourceHistory implements AutoCloseable {
  private static final Pattern LINE = Pattern.compile("table (.+?): ([A-Z]+): (.*)");
  private static final Pattern VALUE =
      Pattern.compile("\"?(\\w+)\"?\\[([^\\]]+)\\]:('(?:[^']|'')*'|[^ ]+)");

  private final TestPostgres.Database database;
  private final String slot;
  private Lsn since = Lsn.NONE;

  /** Changes from now on. */
  SourceHistory(TestPostgres.Database database) {
    this.database = database;
    this.slot = "history_" + database.name();
    database.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'test_decoding')");
  }

  /** Leaves out what was committed before this position, as a slot created there would. */
  SourceHistory since(Lsn start) {
    since = start;
    return this;
  }

  /**
   * The changes of a table as {@code "<xid> <op> column=value ..."}, in commit order; deletes with
   * their replica identity only, a change of the key as a delete and a create.
   */
  List<String> changes(String table) {
    List<String> changes = new ArrayList<>();
    List<String> transaction = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT lsn, xid, data FROM pg_logical_slot_peek_changes('"
                    + slot
                    + "', NULL, NULL)")) {
      while (rows.next()) {
        Matcher line = LINE.matcher(rows.getString(3));
        if (line.matches() && List.of(line.group(1).split(", ")).contains("public." + table)) {
          add(transaction, rows.getString(2), line.group(2), line.group(3));
        } else if (rows.getString(3).startsWith("COMMIT")) {
          if (Lsn.parse(rows.getString(1)).isAfter(since)) {
            changes.addAll(transaction);
          }
          transaction.clear();
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return changes;
  }

  private static void add(List<String> changes, String xid, String action, String text) {
    switch (action) {
      case "INSERT" -> changes.add(xid + " c" + columns(text));
      case "DELETE" -> changes.add(xid + " d" + columns(text));
      case "TRUNCATE" -> changes.add(xid + " t");
      case "UPDATE" -> {
        int at = text.indexOf(" new-tuple: ");
        if (at < 0) {
          changes.add(xid + " u" + columns(text));
          return;
        }
        String newRow = text.substring(at + " new-tuple: ".length());
        Map<String, String> old = values(text.substring("old-key: ".length(), at));
        Map<String, String> now = values(newRow);
        if (old.size() == now.size()) {
          changes.add(xid + " u" + columns(newRow)); // REPLICA IDENTITY FULL without a key
        } else {
          changes.add(xid + " d" + text(old));
          changes.add(xid + " c" + text(now));
        }
      }
      default -> throw new IllegalStateException(action);
    }
  }

  private static String columns(String text) {
    return text(values(text));
  }

  private static String text(Map<String, String> values) {
    StringBuilder text = new StringBuilder();
    values.forEach(
        (name, value) -> {
          if (value != null) {
            text.append(' ').append(name).append('=').append(value);
          }
        });
    return text.toString();
  }

  private static Map<String, String> values(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    Matcher matcher = VALUE.matcher(text);
    while (matcher.find()) {
      String value = matcher.group(3);
      boolean quoted = value.startsWith("'");
      values.put(
          matcher.group(1),
          quoted
              ? value.substring(1, value.length() - 1).replace("''", "'")
              : value.equals("null") ? null : value);
    }
    return values;
  }

  @Override
  public void close() {
    database.execute("SELECT pg_drop_replication_slot('" + slot + "')");
  }
}
