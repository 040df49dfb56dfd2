package io.gkp.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Postgres and the newest version of every row in BigQuery, compared value by value.
 *
 * @param rows how many rows Postgres has
 * @param values how many values were compared
 * @param unsent how many values Postgres had not resent with the row's last change (unchanged long
 *     values)
 * @param differences rows missing, rows too many, and values that differ
 */
record Comparison(String table, long rows, long values, long unsent, long differences) {
  private static final String UNSENT = "_cdc_unavailable";

  static Comparison of(Connection connection, LocalDataset dataset, String table)
      throws SQLException, InterruptedException {
    Map<String, List<String>> source = new HashMap<>();
    List<String> columns = read(connection, table, source);
    long rows = source.size();
    Answer target = dataset.ask(newestVersions(table, columns));
    long values = 0;
    long unsent = 0;
    long differences = 0;
    for (List<String> found : target.rows()) {
      List<String> expected = source.remove(found.get(0));
      if (expected == null) {
        differences++;
        continue;
      }
      List<String> missing = List.of(found.get(columns.size()).split(","));
      for (int i = 0; i < columns.size(); i++) {
        if (missing.contains(columns.get(i))) {
          unsent++;
        } else {
          values++;
          differences += found.get(i).equals(expected.get(i)) ? 0 : 1;
        }
      }
    }
    return new Comparison(table, rows, values, unsent, differences + source.size());
  }

  boolean equal() {
    return differences == 0;
  }

  private static Question newestVersions(String table, List<String> columns) {
    return new Question(
        "The newest version of every row",
        """
        SELECT %s, ARRAY_TO_STRING(%s, ',')
        FROM (
          SELECT *
          FROM raw_%s
          WHERE TRUE
          QUALIFY ROW_NUMBER() OVER (
            PARTITION BY %s
            ORDER BY _cdc_epoch DESC, _cdc_batch DESC, _cdc_row DESC) = 1)
        WHERE _cdc_op <> 'd'"""
            .formatted(String.join(", ", columns), UNSENT, table, GkpTables.key(table)));
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
