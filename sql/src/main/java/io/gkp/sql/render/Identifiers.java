package io.gkp.sql.render;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * GoogleSQL identifiers and literals.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/standard-sql/lexical">BigQuery:
 *     lexical structure</a>
 */
public final class Identifiers {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /** Reserved words, and functions that are called without parentheses. */
  private static final Set<String> RESERVED =
      Set.of(
          ("ALL AND ANY ARRAY AS ASC ASSERT_ROWS_MODIFIED AT BETWEEN BY CASE CAST COLLATE CONTAINS"
                  + " CREATE CROSS CUBE CURRENT CURRENT_DATE CURRENT_DATETIME CURRENT_TIME"
                  + " CURRENT_TIMESTAMP DEFAULT DEFINE DESC DISTINCT ELSE END ENUM ESCAPE"
                  + " EXCEPT EXCLUDE EXISTS EXTRACT FALSE FETCH FOLLOWING FOR FROM FULL GROUP"
                  + " GROUPING GROUPS HASH HAVING IF IGNORE IN INNER INTERSECT INTERVAL INTO IS"
                  + " JOIN LATERAL LEFT LIKE LIMIT LOOKUP MERGE NATURAL NEW NO NOT NULL NULLS OF ON"
                  + " OR ORDER OUTER OVER PARTITION PRECEDING PROTO QUALIFY RANGE RECURSIVE RESPECT"
                  + " RIGHT ROLLUP ROWS SELECT SET SOME STRUCT TABLESAMPLE THEN TO TREAT TRUE"
                  + " UNBOUNDED UNION UNNEST USING WHEN WHERE WINDOW WITH WITHIN")
              .split(" "));

  private Identifiers() {}

  /** A column's name as a query writes it: in backticks only where it needs them. */
  public static String column(String name) {
    boolean plain =
        PLAIN.matcher(name).matches() && !RESERVED.contains(name.toUpperCase(Locale.ROOT));
    return plain ? name : "`" + name.replace("\\", "\\\\").replace("`", "\\`") + "`";
  }

  /** A text as a string literal in single quotes. */
  public static String literal(String text) {
    return "'"
        + text.replace("\\", "\\\\").replace("'", "\\'").replace("\n", "\\n").replace("\r", "\\r")
        + "'";
  }
}
