package io.gkp.localbigquery.sql.select;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.storage.Border;
import io.gkp.localbigquery.storage.BorderValues;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.ColumnTypes;
import io.gkp.localbigquery.storage.LogicalBytes;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.List;

/**
 * What a statement pays for: the logical bytes of the columns that it needs, in the partitions that
 * it cannot leave out.
 */
final class ScanBytes {
  private ScanBytes() {}

  static long of(Session session, Warehouse warehouse, TableScan scan) {
    List<TableFieldSchema> fields = scan.table().fields();
    List<Integer> stored =
        scan.positions().stream().filter(position -> isStored(scan.table(), position)).toList();
    if (!scan.isStored() || stored.isEmpty()) {
      return 0;
    }
    if (scan.table() instanceof Relation.Wildcard wildcard) {
      return wildcard.tables().stream()
          .mapToLong(table -> whole(session, warehouse, table, fields, stored))
          .sum();
    }
    TableReference table = scan.table().reference();
    int partitionColumn = scan.filter().column();
    if (partitionColumn < 0) {
      return warehouse.bytes(session, table, stored);
    }
    if (warehouse.isEmpty(session, table)) {
      return 0;
    }
    LogicalBytes bytes = warehouse.counted(session, table, stored);
    Column column = Column.of(List.of(fields.get(partitionColumn))).get(0);
    String value = ColumnTypes.column(partitionColumn);
    return session
        .query(
            "SELECT "
                + Border.out(column, "min(" + value + ")")
                + ", "
                + String.join(", ", bytes.aggregates())
                + " FROM "
                + warehouse.rows(session, table)
                + " GROUP BY "
                + scan.filter().partition(value),
            row -> {
              long first = row.getLong(1);
              Object known = row.wasNull() ? null : BorderValues.value(column, first);
              return scan.filter().reads(known) ? bytes.read(row, 2) : 0L;
            })
        .stream()
        .mapToLong(Long::longValue)
        .sum();
  }

  private static long whole(
      Session session,
      Warehouse warehouse,
      Table table,
      List<TableFieldSchema> fields,
      List<Integer> positions) {
    List<Column> own = Column.of(table.getSchema());
    List<Integer> present =
        positions.stream()
            .map(position -> Column.indexOf(own, fields.get(position).getName()))
            .filter(position -> position >= 0)
            .toList();
    return present.isEmpty() ? 0 : warehouse.bytes(session, table.getTableReference(), present);
  }

  private static boolean isStored(Relation table, int position) {
    boolean lastIsOurs = table instanceof Relation.Numbered || table instanceof Relation.Wildcard;
    return position < table.fields().size() - (lastIsOurs ? 1 : 0);
  }
}
