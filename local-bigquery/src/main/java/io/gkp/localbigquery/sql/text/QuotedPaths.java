package io.gkp.localbigquery.sql.text;

import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * BigQuery reads {@code `project.dataset.table`} as a path of three names, ZetaSQL as one name with
 * dots. Takes such quotes off, keeping the length of the text, so that positions in error messages
 * stay true; only where more than one part needs quotes does the text grow.
 */
final class QuotedPaths {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> RESERVED =
      Set.of(
          ("ALL AND ANY ARRAY AS ASC ASSERT_ROWS_MODIFIED AT BETWEEN BY CASE CAST COLLATE CONTAINS"
                  + " CREATE CROSS CUBE CURRENT DEFAULT DEFINE DESC DISTINCT ELSE END ENUM ESCAPE"
                  + " EXCEPT EXCLUDE EXISTS EXTRACT FALSE FETCH FOLLOWING FOR FROM FULL GROUP"
                  + " GROUPING GROUPS HASH HAVING IF IGNORE IN INNER INTERSECT INTERVAL INTO IS JOIN"
                  + " LATERAL LEFT LIKE LIMIT LOOKUP MERGE NATURAL NEW NO NOT NULL NULLS OF ON OR"
                  + " ORDER OUTER OVER PARTITION PRECEDING PROTO QUALIFY RANGE RECURSIVE RESPECT"
                  + " RIGHT ROLLUP ROWS SELECT SET SOME STRUCT TABLESAMPLE THEN TO TREAT TRUE"
                  + " UNBOUNDED UNION UNNEST USING WHEN WHERE WINDOW WITH WITHIN")
              .split(" "));

  private QuotedPaths() {}

  static String unquote(String sql) {
    StringBuilder result = new StringBuilder(sql);
    int shift = 0;
    int i = 0;
    while (i < sql.length()) {
      int end = Lexer.endOfToken(sql, i);
      if (sql.charAt(i) == '`' && end > i + 1 && sql.charAt(end - 1) == '`') {
        String inner = sql.substring(i + 1, end - 1);
        if (inner.indexOf('.') >= 0 && inner.indexOf('\\') < 0) {
          String path = path(inner);
          result.replace(i + shift, end + shift, path);
          shift += path.length() - (end - i);
        }
      }
      i = end;
    }
    return result.toString();
  }

  private static String path(String inner) {
    List<String> parts = new ArrayList<>();
    int quoted = 0;
    for (String part : inner.split("\\.", -1)) {
      boolean first = parts.isEmpty();
      boolean plain =
          PLAIN.matcher(part).matches()
              && !(first && RESERVED.contains(part.toUpperCase(Locale.ROOT)));
      quoted += plain ? 0 : 1;
      parts.add(plain ? part : SqlTypes.quote(part));
    }
    String path = String.join(".", parts);
    return quoted == 0 ? " " + path + " " : path;
  }
}
