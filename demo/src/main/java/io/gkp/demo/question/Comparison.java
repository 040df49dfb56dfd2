package io.gkp.demo.question;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Postgres and the newest version of every row in BigQuery, as the {@code latest_} view has it,
 * compared value by value.
 *
 * @param rows how many rows Postgres has
 * @param values how many values these rows have
 * @param differences rows missing, rows too many, and values that differ
 */
public record Comparison(String table, long rows, long values, long differences) {
  public static Comparison of(Connection connection, LocalDataset dataset, String table)
      throws SQLException {
    Map<String, List<String>> source = new HashMap<>();
    List<String> columns = read(connection, table, source);
    long rows = source.size();
    Answer target =
        dataset.ask(
            new Question(
                "The newest version of every row",
                "SELECT " + String.join(", ", columns) + " FROM latest_" + table));
    long differences = 0;
    for (List<String> found : target.rows()) {
      List<String> expected = source.remove(found.get(0));
      differences += expected == null ? 1 : differences(expected, found);
    }
    return new Comparison(table, rows, rows * columns.size(), differences + source.size());
  }

  private static long differences(List<String> expected, List<String> found) {
    return IntStream.range(0, expected.size())
        .filter(column -> !expected.get(column).equals(found.get(column)))
        .count();
  }

  public boolean equal() {
    return differences == 0;
  }

  /** Reads a table as text by its first column, the key; returns the columns. */
  private static List<String> read(
      Connection connection, String table, Map<String, List<String>> rows) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery("SELECT * FROM " + table)) {
      for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
        columns.add(result.getMetaData().getColumnName(i));
      }
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
          Object value = result.getObject(i);
          row.add(value == null ? "NULL" : value.toString());
        }
        rows.put(row.get(0), row);
      }
    }
    return columns;
  }
}
