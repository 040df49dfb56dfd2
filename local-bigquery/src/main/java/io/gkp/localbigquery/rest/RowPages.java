package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.RowCursor;
import io.gkp.localbigquery.storage.Warehouse;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Reads a table page by page. */
final class RowPages {
  /** No page has many more bytes than this, as in the real service. */
  private static final long LARGEST_PAGE = 8 << 20;

  /**
   * Which part of a table.
   *
   * @param fields columns to read, empty for all
   */
  record Range(long start, long maxResults, Optional<String> fields, boolean timestampsAsMicros) {

    static Range of(Request request) {
      long start =
          request.query("pageToken").isPresent()
              ? Page.start(request)
              : request.number("startIndex").orElse(0L);
      return new Range(
          start,
          request.number("maxResults").orElse(Long.MAX_VALUE),
          request.query("selectedFields"),
          request.flag("formatOptions.useInt64Timestamp"));
    }
  }

  /**
   * Rows of a table.
   *
   * @param rows as a JSON array
   * @param nextToken {@code null} where there are no more
   */
  record RowPage(byte[] rows, String nextToken) {}

  private final Warehouse warehouse;

  RowPages(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  RowPage read(Table table, Range range) throws IOException {
    TableSchema schema =
        range.fields().isEmpty()
            ? table.getSchema()
            : SelectedFields.of(table.getSchema(), range.fields().get());
    List<Column> columns = Column.of(schema);
    List<String> names = columns.stream().map(Column::name).toList();
    List<Column> stored = named(Column.of(table.getSchema()), names);
    RowJson json = new RowJson(columns, range.timestampsAsMicros());
    long count = 0;
    String next = null;
    try (RowCursor cursor =
        warehouse.scan(table.getTableReference(), names, range.start(), Long.MAX_VALUE)) {
      while (next == null && cursor.hasNext()) {
        if (count >= range.maxResults() || json.size() > LARGEST_PAGE) {
          next = Page.token(range.start() + count);
        } else {
          Object[] row = cursor.next();
          json.add(range.fields().isEmpty() ? row : SelectedFields.values(stored, columns, row));
          count++;
        }
      }
    }
    return new RowPage(json.finish(), next);
  }

  private static List<Column> named(List<Column> columns, List<String> names) {
    return names.stream().map(name -> columns.get(Column.indexOf(columns, name))).toList();
  }
}
