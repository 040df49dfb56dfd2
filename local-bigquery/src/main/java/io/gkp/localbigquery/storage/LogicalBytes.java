package io.gkp.localbigquery.storage;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The size of values as the real service bills it.
 *
 * <p>Of rows in DuckDB, aggregates of each column are taken here and added up in Java: to
 * understand an addition takes DuckDB longer than to count a column of a small table.
 *
 * @see <a href="https://cloud.google.com/bigquery/pricing#data">Data size calculation</a>
 */
public final class LogicalBytes {
  private final List<Part> parts;

  /**
   * @param aggregate SQL for a number, or NULL where there are no rows
   * @param bytes of each unit that it counts
   */
  private record Part(String aggregate, int bytes) {}

  private LogicalBytes(List<Part> parts) {
    this.parts = parts;
  }

  /** Of all columns, named by position. */
  static LogicalBytes of(List<Column> columns) {
    return of(columns, IntStream.range(0, columns.size()).boxed().toList());
  }

  /** Of some of the columns. */
  static LogicalBytes of(List<Column> columns, List<Integer> positions) {
    List<Part> parts = new ArrayList<>();
    for (int position : positions) {
      add(ColumnTypes.column(position), columns.get(position), parts);
    }
    return new LogicalBytes(parts);
  }

  private static void add(String name, Column column, List<Part> parts) {
    if (column.repeated() || column.type() == FieldType.STRUCT) {
      parts.add(new Part("sum(" + ColumnTypes.bytes(name, column) + ")", 1));
      return;
    }
    switch (column.type()) {
      case STRING, BYTES, JSON, GEOGRAPHY -> {
        parts.add(new Part("sum(" + ColumnTypes.length(name, column) + ")", 1));
        parts.add(new Part("count(" + name + ")", ColumnTypes.fixedBytes(column)));
      }
      default -> parts.add(new Part("count(" + name + ")", ColumnTypes.fixedBytes(column)));
    }
  }

  /** For a SELECT; none where there are no columns. */
  public List<String> aggregates() {
    return parts.stream().map(Part::aggregate).toList();
  }

  /**
   * What the aggregates make together.
   *
   * @param first where in the row they begin, from 1
   */
  public long read(ResultSet row, int first) throws SQLException {
    long bytes = 0;
    for (int i = 0; i < parts.size(); i++) {
      Number counted = (Number) row.getObject(first + i);
      bytes += counted == null ? 0 : counted.longValue() * parts.get(i).bytes();
    }
    return bytes;
  }

  /** How much there is of something. */
  record Size(long rows, long bytes) {}

  /** Of all rows of a table. */
  Size size(Session session, String table) {
    List<String> items = new ArrayList<>(List.of("count(*)"));
    items.addAll(aggregates());
    return session
        .query(
            "SELECT " + String.join(", ", items) + " FROM " + table,
            row -> new Size(row.getLong(1), read(row, 2)))
        .get(0);
  }

  /** Of one value in Java, as {@link Warehouse} describes it. */
  static long of(Column column, Object value) {
    if (value == null) {
      return 0;
    }
    if (!column.repeated()) {
      return ofOne(column, value);
    }
    long bytes = 0;
    for (Object element : (List<?>) value) {
      bytes += ofOne(column, element);
    }
    return bytes;
  }

  private static long ofOne(Column column, Object value) {
    return switch (column.type()) {
      case STRING, JSON, GEOGRAPHY -> ColumnTypes.fixedBytes(column) + utf8((String) value);
      case BYTES -> ColumnTypes.fixedBytes(column) + ((byte[]) value).length;
      case STRUCT -> {
        Object[] fields = (Object[]) value;
        long bytes = 0;
        for (int i = 0; i < fields.length; i++) {
          bytes += of(column.fields().get(i), fields[i]);
        }
        yield bytes;
      }
      default -> ColumnTypes.fixedBytes(column);
    };
  }

  /** How many bytes the text has in UTF-8. */
  private static long utf8(String text) {
    long bytes = text.length();
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      if (unit >= 0x80) {
        // The two halves of a character beyond 16 bits make four bytes.
        bytes += unit < 0x800 || Character.isSurrogate(unit) ? 1 : 2;
      }
    }
    return bytes;
  }
}
