package io.gkp.connector.mapping;

import io.gkp.connector.session.SessionSettings;
import java.io.StringWriter;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.copy.CopyManager;
import org.postgresql.core.BaseConnection;

/** A snapshot's view of a query: the rows of {@code COPY (...) TO STDOUT}, unescaped. */
final class CopyText {
  private CopyText() {}

  static List<String[]> rows(Connection connection, String query) throws Exception {
    SessionSettings.prepare(connection);
    StringWriter out = new StringWriter();
    new CopyManager(connection.unwrap(BaseConnection.class))
        .copyOut("COPY (" + query + ") TO STDOUT", out);
    List<String[]> rows = new ArrayList<>();
    for (String line : out.toString().split("\n")) {
      if (!line.isEmpty()) {
        String[] row = line.split("\t", -1);
        for (int i = 0; i < row.length; i++) {
          row[i] = unescape(row[i]);
        }
        rows.add(row);
      }
    }
    return rows;
  }

  private static String unescape(String field) {
    if (field.equals("\\N")) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c != '\\') {
        text.append(c);
        continue;
      }
      c = field.charAt(++i);
      text.append(
          switch (c) {
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'v' -> '\u000b';
            default -> c;
          });
    }
    return text.toString();
  }
}
