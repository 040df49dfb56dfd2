package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableConstraints;
import com.google.api.services.bigquery.model.TableConstraints.ForeignKeys;
import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedAddConstraintActionProto;
import com.google.zetasql.ResolvedCreateTableStmtBaseProto;
import com.google.zetasql.ResolvedDropConstraintActionProto;
import com.google.zetasql.ResolvedDropPrimaryKeyActionProto;
import com.google.zetasql.ResolvedForeignKeyProto;
import com.google.zetasql.ResolvedPrimaryKeyProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Primary and foreign keys, which are kept and not enforced.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/primary-foreign-keys">primary and foreign
 *     keys</a>
 */
final class Constraints {
  private Constraints() {}

  /** Sets those that CREATE TABLE declares; leaves a table that declares none. */
  static void of(ResolvedCreateTableStmtBaseProto create, Table table, Statement context) {
    if (create.hasPrimaryKey()) {
      add(create.getPrimaryKey(), table);
    }
    create.getForeignKeyListList().forEach(key -> add(key, table, context));
  }

  static void add(ResolvedAddConstraintActionProto action, Table table, Statement context) {
    Message constraint = Trees.unwrap(action.getConstraint());
    if (constraint instanceof ResolvedPrimaryKeyProto key) {
      if (of(table).getPrimaryKey() != null) {
        throw ApiException.invalidQuery("Already Exists: Primary key of the table");
      }
      add(key, table);
    } else if (constraint instanceof ResolvedForeignKeyProto key) {
      boolean exists =
          foreignKeys(table).stream().anyMatch(k -> isNamed(k, key.getConstraintName()));
      if (exists && action.getIsIfNotExists()) {
        return;
      }
      if (exists) {
        throw ApiException.invalidQuery("Already Exists: Constraint " + key.getConstraintName());
      }
      add(key, table, context);
    } else {
      throw ApiException.notImplemented("constraints other than keys");
    }
  }

  static void drop(ResolvedDropPrimaryKeyActionProto action, Table table) {
    if (of(table).getPrimaryKey() != null) {
      table.setTableConstraints(of(table).setPrimaryKey(null));
    } else if (!action.getIsIfExists()) {
      throw ApiException.invalidQuery("Table has no primary key to drop");
    }
  }

  static void drop(ResolvedDropConstraintActionProto action, Table table) {
    List<ForeignKeys> left = new ArrayList<>(foreignKeys(table));
    if (left.removeIf(key -> isNamed(key, action.getName()))) {
      table.setTableConstraints(of(table).setForeignKeys(left.isEmpty() ? null : left));
    } else if (!action.getIsIfExists()) {
      throw ApiException.invalidQuery("Constraint not found: " + action.getName());
    }
  }

  private static void add(ResolvedPrimaryKeyProto key, Table table) {
    if (!key.getUnenforced()) {
      throw ApiException.invalidQuery("Enforced primary keys are not supported: NOT ENFORCED");
    }
    table.setTableConstraints(
        of(table)
            .setPrimaryKey(
                new TableConstraints.PrimaryKey()
                    .setColumns(List.copyOf(key.getColumnNameListList()))));
  }

  private static void add(ResolvedForeignKeyProto key, Table table, Statement context) {
    if (key.getEnforced()) {
      throw ApiException.invalidQuery("Enforced foreign keys are not supported: NOT ENFORCED");
    }
    List<ForeignKeys> keys = new ArrayList<>(foreignKeys(table));
    Relation referenced = context.expansion().named().get(key.getReferencedTable().getName());
    TableReference target = referenced.reference();
    List<ForeignKeys.ColumnReferences> columns = new ArrayList<>();
    for (int i = 0; i < key.getReferencingColumnListCount(); i++) {
      columns.add(
          new ForeignKeys.ColumnReferences()
              .setReferencingColumn(key.getReferencingColumnList(i))
              .setReferencedColumn(
                  referenced.fields().get((int) key.getReferencedColumnOffsetList(i)).getName()));
    }
    keys.add(
        new ForeignKeys()
            .setName(
                key.getConstraintName().isEmpty()
                    ? "fk$" + (keys.size() + 1)
                    : key.getConstraintName())
            .setReferencedTable(
                new ForeignKeys.ReferencedTable()
                    .setProjectId(target.getProjectId())
                    .setDatasetId(target.getDatasetId())
                    .setTableId(target.getTableId()))
            .setColumnReferences(columns));
    table.setTableConstraints(of(table).setForeignKeys(keys));
  }

  private static boolean isNamed(ForeignKeys key, String name) {
    return name.equalsIgnoreCase(key.getName());
  }

  private static List<ForeignKeys> foreignKeys(Table table) {
    List<ForeignKeys> keys = of(table).getForeignKeys();
    return keys == null ? List.of() : keys;
  }

  private static TableConstraints of(Table table) {
    return table.getTableConstraints() == null
        ? new TableConstraints()
        : table.getTableConstraints().clone();
  }
}
