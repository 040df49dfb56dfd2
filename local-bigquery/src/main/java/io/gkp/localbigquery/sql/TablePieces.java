package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.zetasql.LocalService.TableContent;
import com.google.zetasql.LocalService.TableData;
import com.google.zetasql.ZetaSQLType.TypeProto;
import java.util.List;

/** The rows of a table that matter, in pieces of a bounded size. */
final class TablePieces implements AutoCloseable {
  private static final TableData.Row NO_COLUMNS =
      TableData.Row.newBuilder().addCell(ValueEncoder.NULL).build();

  private final TableReader.Rows rows;
  private final RowFilter filter;
  private final List<TableFieldSchema> fields;
  private final List<TypeProto> types;
  private final long maxBytes;
  private TableData.Row next;
  private long bytes;

  TablePieces(TableReader.Rows rows, TableScan scan, long maxBytes) {
    this.rows = rows;
    this.filter = scan.filter();
    this.fields = scan.columns();
    this.types = fields.stream().map(SqlTypes::of).toList();
    this.maxBytes = maxBytes;
  }

  boolean hasNext() {
    while (next == null && rows.hasNext()) {
      Object[] row = rows.next();
      count(row);
      next = filter.needs(row) ? encode(row) : null;
    }
    return next != null;
  }

  /** One row at least, if there is one. */
  TableContent next() {
    TableData.Builder data = TableData.newBuilder();
    long size = 0;
    while (hasNext()) {
      // Tag and length of the row go on top.
      size += next.getSerializedSize() + 5L;
      if (size > maxBytes && data.getRowCount() > 0) {
        break;
      }
      data.addRow(next);
      next = null;
    }
    return TableContent.newBuilder().setTableData(data).build();
  }

  /** Reads on, for what it costs. */
  void skipRest() {
    next = null;
    while (!fields.isEmpty() && rows.hasNext()) {
      count(rows.next());
    }
  }

  /** Logical bytes of the columns read so far, in partitions that have to be read. */
  long bytes() {
    return bytes;
  }

  private void count(Object[] row) {
    if (filter.reads(row)) {
      for (int i = 0; i < fields.size(); i++) {
        bytes += DataSizes.of(fields.get(i), row[i]);
      }
    }
  }

  private TableData.Row encode(Object[] row) {
    if (types.isEmpty()) {
      return NO_COLUMNS;
    }
    TableData.Row.Builder encoded = TableData.Row.newBuilder();
    for (int i = 0; i < types.size(); i++) {
      encoded.addCell(ValueEncoder.encode(types.get(i), row[i]));
    }
    return encoded.build();
  }

  @Override
  public void close() {
    rows.close();
  }
}
