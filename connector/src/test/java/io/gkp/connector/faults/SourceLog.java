package io.gkp.connector.faults;

import io.gkp.name.Lsn;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What really happened in a database: its transactions in commit order, read from a logical slot of
 * its own through another output plugin than the connector's.
 *
 * @see <a href="https://www.postgresql.org/docs/current/test-decoding.html">test_decoding</a>
 */
public final class SourceLog implements AutoCloseable {
  private static final Pattern COMMIT = Pattern.compile("COMMIT (\\d+) \\(at (.+)\\)");
  private static final DateTimeFormatter COMMIT_TIME =
      new DateTimeFormatterBuilder()
          .appendPattern("yyyy-MM-dd HH:mm:ss")
          .appendFraction(ChronoField.NANO_OF_SECOND, 0, 6, true)
          .appendPattern("x")
          .toFormatter();
  private static final Pattern LINE = Pattern.compile("table (.+?): ([A-Z]+): (.*)");
  private static final Pattern VALUE =
      Pattern.compile("\"?(\\w+)\"?\\[([^\\[\\]]+(?:\\[\\])?)\\]:('(?:[^']++|'')*+'|[^ ]+)");
  private static final String OLD_KEY = "old-key: ";
  private static final String NEW_ROW = " new-tuple: ";
  private static final String UNCHANGED = "unchanged-toast-datum";

  private final TestPostgres.Database database;
  private final String slot;
  private final List<Transaction> transactions = new ArrayList<>();

  /**
   * A committed transaction; one without changes is there, too.
   *
   * @param end the position behind its commit
   */
  public record Transaction(String xid, Lsn end, Instant committedAt, List<RowChange> changes) {}

  /**
   * One change of one table.
   *
   * @param identity the old row's replica identity; empty where the server told none
   * @param row the new row as Postgres' text, NULLs included
   * @param unchanged columns of the new row whose TOAST values the server did not read
   */
  public record RowChange(
      String table,
      Op op,
      Map<String, String> identity,
      Map<String, String> row,
      Set<String> unchanged) {
    /** What a change does. */
    public enum Op {
      INSERT("c"),
      UPDATE("u"),
      /** An update of the row's key. */
      MOVE("-"),
      DELETE("d"),
      TRUNCATE("t");

      private final String letter;

      Op(String letter) {
        this.letter = letter;
      }

      /** As {@code _cdc_op} has it; a move is two changes there. */
      public String letter() {
        return letter;
      }
    }

    /** The changes as which it is exported. */
    public List<RowChange> events() {
      return op == Op.MOVE
          ? List.of(
              new RowChange(table, Op.DELETE, identity, Map.of(), Set.of()),
              new RowChange(table, Op.INSERT, Map.of(), row, unchanged))
          : List.of(this);
    }
  }

  /** Transactions from now on. */
  public SourceLog(TestPostgres.Database database) {
    this.database = database;
    this.slot = "history_" + database.name();
    database.execute("SELECT pg_create_logical_replication_slot('" + slot + "', 'test_decoding')");
  }

  /** Everything so far, in commit order. */
  public List<Transaction> transactions() {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      Set<String> full = identifiedByWholeRow(statement);
      List<RowChange> changes = new ArrayList<>();
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT lsn, data FROM pg_logical_slot_get_changes('"
                  + slot
                  + "', NULL, NULL, 'include-timestamp', 'on')")) {
        while (rows.next()) {
          Matcher commit = COMMIT.matcher(rows.getString(2));
          Matcher line = LINE.matcher(rows.getString(2));
          if (commit.matches()) {
            transactions.add(
                new Transaction(
                    commit.group(1),
                    Lsn.parse(rows.getString(1)),
                    OffsetDateTime.parse(commit.group(2), COMMIT_TIME).toInstant(),
                    List.copyOf(changes)));
            changes.clear();
          } else if (line.matches()) {
            for (String name : line.group(1).split(", ")) {
              String table = name.replaceFirst("^public\\.", "");
              changes.add(change(table, line.group(2), line.group(3), full.contains(table)));
            }
          }
        }
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
    return List.copyOf(transactions);
  }

  private static Set<String> identifiedByWholeRow(Statement statement) throws SQLException {
    Set<String> tables = new HashSet<>();
    try (ResultSet rows =
        statement.executeQuery("SELECT relname FROM pg_class WHERE relreplident = 'f'")) {
      while (rows.next()) {
        tables.add(rows.getString(1));
      }
    }
    return tables;
  }

  private static RowChange change(String table, String action, String text, boolean full) {
    return switch (action) {
      case "INSERT" -> row(table, RowChange.Op.INSERT, "", text);
      case "DELETE" -> row(table, RowChange.Op.DELETE, text, "");
      case "TRUNCATE" -> row(table, RowChange.Op.TRUNCATE, "", "");
      case "UPDATE" -> {
        int at = text.indexOf(NEW_ROW);
        yield at < 0
            ? row(table, RowChange.Op.UPDATE, "", text)
            : row(
                table,
                full ? RowChange.Op.UPDATE : RowChange.Op.MOVE,
                text.substring(OLD_KEY.length(), at),
                text.substring(at + NEW_ROW.length()));
      }
      default -> throw new IllegalStateException(action);
    };
  }

  private static RowChange row(String table, RowChange.Op op, String identity, String row) {
    Map<String, String> values = values(row);
    Set<String> unchanged = new LinkedHashSet<>();
    values.forEach(
        (name, value) -> {
          if (UNCHANGED.equals(value)) {
            unchanged.add(name);
          }
        });
    values.keySet().removeAll(unchanged);
    Map<String, String> old = values(identity);
    if (op == RowChange.Op.UPDATE && !old.isEmpty()) {
      unchanged.forEach(name -> values.put(name, old.get(name)));
      unchanged.clear();
    }
    return new RowChange(table, op, old, values, unchanged);
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
