package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableConstraints;
import com.google.api.services.bigquery.model.TableReference;
import java.util.ArrayList;
import java.util.List;

/**
 * INFORMATION_SCHEMA's views of primary and foreign keys, one row for each constraint or column of
 * it. A key has no name but the table's with {@code .pk$}; foreign keys are named.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/information-schema-table-constraints">TABLE_CONSTRAINTS</a>
 */
final class ConstraintsViews {
  private static final String CONSTRAINT =
      "constraint_catalog STRING, constraint_schema STRING, constraint_name STRING,"
          + " table_catalog STRING, table_schema STRING, table_name STRING";

  static final String TABLE =
      CONSTRAINT
          + ", constraint_type STRING, is_deferrable STRING, initially_deferred STRING,"
          + " enforced STRING";
  static final String KEYS =
      CONSTRAINT
          + ", column_name STRING, ordinal_position INT64,"
          + " position_in_unique_constraint INT64";
  static final String COLUMNS =
      "table_catalog STRING, table_schema STRING, table_name STRING, column_name STRING,"
          + " constraint_catalog STRING, constraint_schema STRING, constraint_name STRING";

  private ConstraintsViews() {}

  /**
   * A constraint.
   *
   * @param columns of the table
   * @param referenced the columns of the table that a foreign key leads to; empty for a primary one
   */
  private record Constraint(
      Table table,
      String name,
      String type,
      List<String> columns,
      TableReference target,
      List<String> referenced) {

    Object[] row(Object... rest) {
      TableReference reference = table.getTableReference();
      Object[] row = new Object[6 + rest.length];
      row[0] = reference.getProjectId();
      row[1] = reference.getDatasetId();
      row[2] = name;
      row[3] = reference.getProjectId();
      row[4] = reference.getDatasetId();
      row[5] = reference.getTableId();
      System.arraycopy(rest, 0, row, 6, rest.length);
      return row;
    }
  }

  private static List<Constraint> of(Table table) {
    List<Constraint> all = new ArrayList<>();
    TableConstraints constraints = table.getTableConstraints();
    String id = table.getTableReference().getTableId();
    if (constraints != null && constraints.getPrimaryKey() != null) {
      List<String> columns = constraints.getPrimaryKey().getColumns();
      all.add(
          new Constraint(
              table, id + ".pk$", "PRIMARY KEY", columns, table.getTableReference(), List.of()));
    }
    if (constraints != null && constraints.getForeignKeys() != null) {
      for (TableConstraints.ForeignKeys key : constraints.getForeignKeys()) {
        TableReference target =
            new TableReference()
                .setProjectId(key.getReferencedTable().getProjectId())
                .setDatasetId(key.getReferencedTable().getDatasetId())
                .setTableId(key.getReferencedTable().getTableId());
        all.add(
            new Constraint(
                table,
                id + "." + key.getName(),
                "FOREIGN KEY",
                key.getColumnReferences().stream()
                    .map(TableConstraints.ForeignKeys.ColumnReferences::getReferencingColumn)
                    .toList(),
                target,
                key.getColumnReferences().stream()
                    .map(TableConstraints.ForeignKeys.ColumnReferences::getReferencedColumn)
                    .toList()));
      }
    }
    return all;
  }

  static List<Object[]> ofTable(Table table) {
    return of(table).stream().map(key -> key.row(key.type(), "NO", "NO", "NO")).toList();
  }

  static List<Object[]> keys(Table table) {
    List<Object[]> rows = new ArrayList<>();
    for (Constraint key : of(table)) {
      for (int i = 0; i < key.columns().size(); i++) {
        Long position = key.referenced().isEmpty() ? null : Long.valueOf(i + 1);
        rows.add(key.row(key.columns().get(i), i + 1L, position));
      }
    }
    return rows;
  }

  /** Of a foreign key, the columns that it leads to. */
  static List<Object[]> columns(Table table) {
    List<Object[]> rows = new ArrayList<>();
    for (Constraint key : of(table)) {
      TableReference own = table.getTableReference();
      TableReference target = key.target();
      for (String column : key.referenced().isEmpty() ? key.columns() : key.referenced()) {
        rows.add(
            new Object[] {
              target.getProjectId(),
              target.getDatasetId(),
              target.getTableId(),
              column,
              own.getProjectId(),
              own.getDatasetId(),
              key.name()
            });
      }
    }
    return rows;
  }
}
