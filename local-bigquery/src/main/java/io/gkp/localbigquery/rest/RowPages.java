package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.Table;
import io.gkp.localbigquery.api.ApiException;
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
    List<Column> columns = selected(Column.of(table.getSchema()), range.fields());
    RowJson json = new RowJson(columns, range.timestampsAsMicros());
    List<String> names = columns.stream().map(Column::name).toList();
    long count = 0;
    String next = null;
    try (RowCursor cursor =
        warehouse.scan(table.getTableReference(), names, range.start(), Long.MAX_VALUE)) {
      while (next == null && cursor.hasNext()) {
        if (count >= range.maxResults() || json.size() > LARGEST_PAGE) {
          next = Page.token(range.start() + count);
        } else {
          json.add(cursor.next());
          count++;
        }
      }
    }
    return new RowPage(json.finish(), next);
  }

  static List<Column> selected(List<Column> columns, Optional<String> fields) {
    if (fields.isEmpty()) {
      return columns;
    }
    List<String> names = List.of(fields.get().split(","));
    for (String name : names) {
      if (name.contains(".")) {
        throw ApiException.notImplemented("selectedFields within records");
      }
      if (columns.stream().noneMatch(column -> column.name().equalsIgnoreCase(name))) {
        throw ApiException.invalid("Selected fields not found in schema: " + name);
      }
    }
    return columns.stream()
        .filter(column -> names.stream().anyMatch(column.name()::equalsIgnoreCase))
        .toList();
  }
}
