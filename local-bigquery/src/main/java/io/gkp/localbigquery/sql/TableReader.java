package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.storage.Warehouse;
import io.gkp.localbigquery.storage.Warehouse.RowCursor;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Reads the wanted columns of tables. */
final class TableReader {
  private final Warehouse warehouse;

  TableReader(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  TablePieces open(TableScan scan, long maxBytesOfAPiece) {
    return new TablePieces(rows(scan), scan, maxBytesOfAPiece);
  }

  long countBytes(TableScan scan) {
    if (!scan.isStored()) {
      return 0;
    }
    try (TablePieces pieces = open(scan, 0)) {
      pieces.skipRest();
      return pieces.bytes();
    }
  }

  private Rows rows(TableScan scan) {
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
            .map(i -> plain(scan.table().fields().get(i)).getName())
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

  /** Comparing by a collation would give other answers than comparing as it is done here. */
  private static TableFieldSchema plain(TableFieldSchema field) {
    if (field.getCollation() != null && !field.getCollation().isEmpty()) {
      throw ApiException.notImplemented("collation (of column " + field.getName() + ")");
    }
    return field;
  }

  interface Rows extends Iterator<Object[]>, AutoCloseable {
    @Override
    default void close() {}
  }
}
