package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.zetasql.LocalService.TableContent;
import com.google.zetasql.LocalService.TableData;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.storage.Warehouse;
import io.gkp.localbigquery.storage.Warehouse.RowCursor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Reads the wanted columns of a table for the reference engine, and counts what that costs. */
final class TableReader {
  /** Stands in for the columns of a table of which only the number of rows matters. */
  static final TableData.Row NO_COLUMNS =
      TableData.Row.newBuilder().addCell(ValueEncoder.NULL).build();

  private final Warehouse warehouse;

  TableReader(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /**
   * @param bytes logical bytes of these columns in the partitions read
   */
  record Read(TableContent content, long bytes) {}

  Read read(TableScan scan) {
    List<TableFieldSchema> fields = scan.columns();
    List<TypeProto> types = fields.stream().map(SqlTypes::of).toList();
    TableData.Builder data = TableData.newBuilder();
    long size = 0;
    long bytes = 0;
    try (Rows rows = rows(scan)) {
      while (rows.hasNext()) {
        Object[] row = rows.next();
        if (scan.filter().reads(row)) {
          bytes += bytes(fields, row);
        }
        if (!scan.filter().needs(row)) {
          continue;
        }
        TableData.Row encoded = encode(types, row);
        size += encoded.getSerializedSize() + 2L;
        if (size > ZetaSql.MAX_REQUEST_BYTES) {
          throw SqlErrors.tooLarge();
        }
        data.addRow(encoded);
      }
    }
    return new Read(TableContent.newBuilder().setTableData(data).build(), bytes);
  }

  long countBytes(TableScan scan) {
    long bytes = 0;
    if (scan.columns().isEmpty() || scan.table() instanceof Relation.Computed) {
      return 0;
    }
    try (Rows rows = rows(scan)) {
      while (rows.hasNext()) {
        Object[] row = rows.next();
        if (scan.filter().reads(row)) {
          bytes += bytes(scan.columns(), row);
        }
      }
    }
    return bytes;
  }

  private static long bytes(List<TableFieldSchema> fields, Object[] row) {
    long bytes = 0;
    for (int i = 0; i < fields.size(); i++) {
      bytes += DataSizes.of(fields.get(i), row[i]);
    }
    return bytes;
  }

  static TableData.Row encode(List<TypeProto> types, Object[] row) {
    if (types.isEmpty()) {
      return NO_COLUMNS;
    }
    TableData.Row.Builder encoded = TableData.Row.newBuilder();
    for (int i = 0; i < types.size(); i++) {
      encoded.addCell(ValueEncoder.encode(types.get(i), row[i]));
    }
    return encoded.build();
  }

  Rows rows(TableScan scan) {
    if (scan.table() instanceof Relation.Computed computed) {
      int[] positions = scan.positions().stream().mapToInt(Integer::intValue).toArray();
      Iterator<Object[]> all = computed.rows().get().iterator();
      return new Rows() {
        @Override
        public boolean hasNext() {
          return all.hasNext();
        }

        @Override
        public Object[] next() {
          Object[] row = all.next();
          Object[] picked = new Object[positions.length];
          for (int i = 0; i < positions.length; i++) {
            picked[i] = row[positions[i]];
          }
          return picked;
        }
      };
    }
    boolean numbered = scan.table() instanceof Relation.Numbered;
    int last = scan.table().fields().size() - 1;
    boolean withNumber = numbered && scan.positions().contains(last);
    List<String> stored =
        scan.positions().stream()
            .filter(i -> !(numbered && i == last))
            .map(i -> scan.table().fields().get(i).getName())
            .toList();
    RowCursor cursor = warehouse.scan(scan.table().reference(), stored, Long.MAX_VALUE);
    return new Rows() {
      private long number;

      @Override
      public boolean hasNext() {
        return cursor.hasNext();
      }

      @Override
      public Object[] next() {
        Object[] row = cursor.next();
        if (withNumber) {
          row = Arrays.copyOf(row, row.length + 1);
          row[row.length - 1] = number++;
        }
        return row;
      }

      @Override
      public void close() {
        cursor.close();
      }
    };
  }

  interface Rows extends Iterator<Object[]>, AutoCloseable {
    @Override
    default void close() {}
  }
}
