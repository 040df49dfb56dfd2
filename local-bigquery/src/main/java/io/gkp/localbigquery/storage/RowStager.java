package io.gkp.localbigquery.storage;

import java.math.BigDecimal;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.duckdb.DuckDBAppender;

/**
 * Takes rows from Java into a temporary table of its session. Threads may use it one after the
 * other, with their turns ordered by themselves.
 */
public final class RowStager implements AutoCloseable {
  private final Session session;
  private final List<Column> columns;
  private final String table = Session.fresh("staged_");
  private final DuckDBAppender appender;
  private long rows;
  private long bytes;

  RowStager(Session session, List<Column> columns) {
    this.session = session;
    this.columns = columns;
    List<String> definitions = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      definitions.add(ColumnTypes.column(i) + " " + Border.type(columns.get(i)));
    }
    session.execute(
        "CREATE TEMP TABLE "
            + table
            + " ("
            + (definitions.isEmpty() ? "none BOOLEAN" : String.join(", ", definitions))
            + ")");
    try {
      this.appender = session.connection().createAppender("temp", "main", table);
      appender.unsafeBreakThreadConfinement();
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  public void write(Object[] row) {
    try {
      appender.beginRow();
      if (columns.isEmpty()) {
        appender.appendNull();
      }
      for (int i = 0; i < columns.size(); i++) {
        // An empty ARRAY travels as NULL: most are empty.
        boolean empty = row[i] instanceof List<?> elements && elements.isEmpty();
        append(empty ? null : BorderValues.form(columns.get(i), row[i]));
        bytes += LogicalBytes.of(columns.get(i), row[i]);
      }
      appender.endRow();
      rows++;
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  private void append(Object form) throws SQLException {
    if (form == null) {
      appender.appendNull();
    } else if (form instanceof String text) {
      appender.append(text);
    } else if (form instanceof Long number) {
      appender.append(number.longValue());
    } else if (form instanceof Double number) {
      appender.append(number.doubleValue());
    } else if (form instanceof Boolean truth) {
      appender.append(truth.booleanValue());
    } else {
      appender.append((BigDecimal) form);
    }
  }

  /** All rows written so far; no more can come. */
  public Staged finish() {
    close();
    List<String> values = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      String name = ColumnTypes.column(i);
      String value = Border.in(columns.get(i), name);
      if (columns.get(i).repeated()) {
        value = "coalesce(" + value + ", " + ColumnTypes.absent(columns.get(i)) + ")";
      }
      values.add(value + " AS " + name);
    }
    String query =
        "SELECT "
            + (values.isEmpty() ? "CAST(NULL AS BOOLEAN) AS none" : String.join(", ", values))
            + " FROM "
            + table;
    return new Staged(session, columns, query, rows, bytes);
  }

  @Override
  public void close() {
    try {
      if (!appender.isClosed()) {
        appender.close();
      }
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }
}
