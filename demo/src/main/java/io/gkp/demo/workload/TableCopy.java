package io.gkp.demo.workload;

import java.io.IOException;
import java.io.StringReader;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.postgresql.PGConnection;

/** Writes rows with COPY, the fastest way into a Postgres table. */
public final class TableCopy {
  private TableCopy() {}

  /**
   * Appends the rows, which all have the first row's columns in the same order.
   *
   * @return how many rows Postgres took
   */
  public static long insert(Connection connection, String table, List<Row> rows)
      throws SQLException {
    if (rows.isEmpty()) {
      return 0;
    }
    String sql = "COPY " + table + " (" + String.join(", ", rows.get(0).columns()) + ") FROM STDIN";
    try {
      return connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(sql, new StringReader(text(rows)));
    } catch (IOException e) {
      throw new SQLException("COPY into " + table + " broke off", e);
    }
  }

  /** The rows in COPY's text format. */
  static String text(List<Row> rows) {
    StringBuilder text = new StringBuilder();
    for (Row row : rows) {
      String separator = "";
      for (Object value : row.values()) {
        text.append(separator).append(value == null ? "\\N" : escape(value.toString()));
        separator = "\t";
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String escape(String value) {
    return value
        .replace("\\", "\\\\")
        .replace("\t", "\\t")
        .replace("\n", "\\n")
        .replace("\r", "\\r");
  }
}
