package io.gkp.localbigquery.storage;

import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/** Rows read one by one; close it. */
public final class RowCursor implements Iterator<Object[]>, AutoCloseable {
  private final List<Column> columns;
  private final PreparedStatement statement;
  private final ResultSet result;
  private final Runnable onClose;
  private Boolean hasNext;

  private RowCursor(
      List<Column> columns, PreparedStatement statement, ResultSet result, Runnable onClose) {
    this.columns = columns;
    this.statement = statement;
    this.result = result;
    this.onClose = onClose;
  }

  /**
   * @param query yields these columns in DuckDB's types, named by position
   */
  static RowCursor over(Session session, List<Column> columns, String query, Runnable onClose) {
    List<String> form = new ArrayList<>();
    for (int i = 0; i < columns.size(); i++) {
      form.add(Border.out(columns.get(i), ColumnTypes.column(i)));
    }
    String sql =
        "SELECT " + (form.isEmpty() ? "1" : String.join(", ", form)) + " FROM (" + query + ")";
    try {
      PreparedStatement statement = session.jdbc().prepareStatement(sql);
      return new RowCursor(columns, statement, statement.executeQuery(), onClose);
    } catch (SQLException e) {
      onClose.run();
      throw new DatabaseException(e);
    }
  }

  @Override
  public boolean hasNext() {
    try {
      hasNext = hasNext == null ? (Boolean) result.next() : hasNext;
      return hasNext;
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
  }

  @Override
  public Object[] next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    hasNext = null;
    Object[] row = new Object[columns.size()];
    try {
      for (int i = 0; i < row.length; i++) {
        row[i] = BorderValues.value(columns.get(i), form(Border.type(columns.get(i)), i + 1));
      }
    } catch (SQLException e) {
      throw new DatabaseException(e);
    }
    return row;
  }

  private Object form(String type, int index) throws SQLException {
    Object form =
        switch (type) {
          case "BIGINT" -> (Object) result.getLong(index);
          case "DOUBLE" -> (Object) result.getDouble(index);
          case "BOOLEAN" -> (Object) result.getBoolean(index);
          case "VARCHAR" -> result.getString(index);
          default -> (BigDecimal) result.getBigDecimal(index);
        };
    return result.wasNull() ? null : form;
  }

  @Override
  public void close() {
    try {
      result.close();
      statement.close();
    } catch (SQLException e) {
      throw new DatabaseException(e);
    } finally {
      onClose.run();
    }
  }
}
