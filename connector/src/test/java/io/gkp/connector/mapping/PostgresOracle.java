package io.gkp.connector.mapping;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.StandardSQLTypeName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Asks Postgres whether what BigQuery gives back is what a column holds: the loaded value is cast
 * to the column's type and compared there. Nothing of the mapping takes part in it.
 */
final class PostgresOracle implements AutoCloseable {
  /** The class of SQL states that tell of a value. */
  private static final String DATA_EXCEPTION = "22";

  private final Connection connection;
  private final String table;

  /** How a value is compared; {@code ?} takes BigQuery's text, or its array of texts. */
  private record Comparison(String actual, String expected) {}

  PostgresOracle(Connection connection, String table) throws SQLException {
    this.connection = connection;
    this.table = table;
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET TimeZone = 'UTC'");
      statement.execute("SET DateStyle = 'ISO'");
      statement.execute("SET IntervalStyle = 'iso_8601'");
      statement.execute("SET bytea_output = 'hex'");
      statement.execute("SET extra_float_digits = 1"); // prints like every other positive number
      statement.execute("SET search_path = 'pg_catalog'");
    }
  }

  /** Whether the column is NULL in the row. */
  boolean isNull(int id, String column) throws SQLException {
    return holds(quote(column) + " IS NULL AND ?::text IS NULL", id, null);
  }

  /** Whether Postgres prints the column's value so. */
  boolean prints(int id, String column, String text) throws SQLException {
    return holds("? = format('%s', " + quote(column) + ")", id, text);
  }

  /** Whether the field's value is the column's. */
  boolean equal(int id, String column, Field field, FieldValue value) throws SQLException {
    StandardSQLTypeName type = field.getType().getStandardType();
    if (field.getMode() == Field.Mode.REPEATED) {
      List<String> elements = new ArrayList<>();
      for (FieldValue element : value.getRepeatedValue()) {
        elements.add(text(type, element));
      }
      return holds(
          compare(arrays(type, quote(column), typeOf(column))),
          id,
          connection.createArrayOf("text", elements.toArray()));
    }
    return holds(compare(scalars(type, quote(column), typeOf(column))), id, text(type, value));
  }

  /**
   * Whether BigQuery's JSON type holds the document: no name twice in an object, no NUL and no half
   * of a surrogate pair, every number a 64-bit integer or what a double prints, and not {@code
   * null}. What Postgres cannot read as such is not held either.
   */
  boolean isJsonOfBigQuery(int id, String column) throws SQLException {
    String document = quote(column) + "::json";
    try (PreparedStatement query =
        connection.prepareStatement(
            """
            WITH RECURSIVE part (j) AS (
              SELECT %1$s FROM %2$s WHERE id = ?
              UNION ALL
              SELECT inner_part.value
              FROM part, LATERAL (
                SELECT value FROM json_each(CASE json_typeof(j) WHEN 'object' THEN j ELSE '{}' END)
                UNION ALL
                SELECT value
                FROM json_array_elements(CASE json_typeof(j) WHEN 'array' THEN j ELSE '[]' END)
              ) AS inner_part
            )
            SELECT bool_and(
              CASE json_typeof(j)
                WHEN 'object' THEN (SELECT count(*) = count(DISTINCT key) FROM json_each(j))
                WHEN 'string' THEN j #>> '{}' IS NOT NULL
                WHEN 'number' THEN
                  CASE
                    WHEN btrim(j::text, E' \\t\\r\\n') ~ '^-?[0-9]+$'
                      AND j::text::numeric BETWEEN -9223372036854775808 AND 18446744073709551615
                    THEN true
                    ELSE j::text::numeric = j::text::float8::text::numeric
                  END
                ELSE true
              END)
              AND (SELECT json_typeof(%1$s) <> 'null' FROM %2$s WHERE id = ?)
            FROM part
            """
                .formatted(document, table))) {
      query.setInt(1, id);
      query.setInt(2, id);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    } catch (SQLException e) {
      if (e.getSQLState().startsWith(DATA_EXCEPTION)) {
        return false;
      }
      throw e;
    }
  }

  private static Comparison scalars(StandardSQLTypeName type, String column, String sqlType) {
    return switch (type) {
      case STRING -> new Comparison("?", "format('%s', " + column + ")");
      case BYTES -> new Comparison("decode(?, 'base64')", column);
      case JSON -> new Comparison("?::jsonb", column + "::jsonb");
      // As text, because -0 = 0
      case FLOAT64 ->
          new Comparison("format('%s', ?::" + sqlType + ")", "format('%s'," + column + ")");
      default -> new Comparison("?::" + sqlType, column);
    };
  }

  private static Comparison arrays(StandardSQLTypeName type, String column, String sqlType) {
    String elements = " FROM unnest(%s) WITH ORDINALITY AS a (e, o)), '{}')";
    return switch (type) {
      case STRING ->
          new Comparison(
              "?::text[]",
              ("COALESCE((SELECT array_agg(format('%s', COLUMN[i]) ORDER BY i)"
                      + " FROM generate_subscripts(COLUMN, 1) AS i), '{}')")
                  .replace("COLUMN", column));
      case BYTES ->
          new Comparison(
              "COALESCE((SELECT array_agg(decode(e, 'base64') ORDER BY o)"
                  + elements.formatted("?::text[]"),
              column);
      case JSON ->
          new Comparison(
              "COALESCE((SELECT array_agg(e::jsonb ORDER BY o)" + elements.formatted("?::text[]"),
              "COALESCE((SELECT array_agg(e::jsonb ORDER BY o)" + elements.formatted(column));
      case FLOAT64 ->
          new Comparison(
              "format('%s', ?::text[]::" + sqlType + ")", "format('%s', " + column + ")");
      default -> new Comparison("?::text[]::" + sqlType, column);
    };
  }

  private static String compare(Comparison comparison) {
    return comparison.actual + " IS NOT DISTINCT FROM " + comparison.expected;
  }

  private static String text(StandardSQLTypeName type, FieldValue value) {
    if (type == StandardSQLTypeName.TIMESTAMP) {
      Instant instant = value.getTimestampInstant();
      return instant.toString();
    }
    return value.getStringValue();
  }

  private String typeOf(String column) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement(
            "SELECT format_type(atttypid, atttypmod) FROM pg_attribute"
                + " WHERE attrelid = ?::regclass AND attname = ?")) {
      query.setString(1, table);
      query.setString(2, column);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getString(1);
      }
    }
  }

  private boolean holds(String condition, int id, Object value) throws SQLException {
    try (PreparedStatement query =
        connection.prepareStatement("SELECT " + condition + " FROM " + table + " WHERE id = ?")) {
      query.setObject(1, value);
      query.setInt(2, id);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  private static String quote(String column) {
    return '"' + column.replace("\"", "\"\"") + '"';
  }

  @Override
  public void close() throws SQLException {
    connection.close();
  }
}
