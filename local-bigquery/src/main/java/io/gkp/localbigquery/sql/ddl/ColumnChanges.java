package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedDropColumnActionProto;
import com.google.zetasql.ResolvedRenameColumnActionProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.statement.Partitioning;
import io.gkp.localbigquery.sql.statement.Relation;
import java.util.ArrayList;
import java.util.List;

/** The columns of a table after DROP COLUMN and RENAME COLUMN. */
final class ColumnChanges {
  private final Table table;
  private final List<TableFieldSchema> fields;
  private final List<Integer> kept = new ArrayList<>();

  ColumnChanges(Table table) {
    this.table = table;
    this.fields = new ArrayList<>(new Relation.Stored(table).fields());
    for (int i = 0; i < fields.size(); i++) {
      kept.add(i);
    }
  }

  static boolean isOne(Message action) {
    return action instanceof ResolvedDropColumnActionProto
        || action instanceof ResolvedRenameColumnActionProto;
  }

  void add(Message action) {
    if (action instanceof ResolvedDropColumnActionProto drop) {
      drop(drop);
    } else if (action instanceof ResolvedRenameColumnActionProto rename) {
      if (find(rename.getName()) < 0 && rename.getIsIfExists()) {
        return;
      }
      int position = position(rename.getName());
      if (find(rename.getNewName()) >= 0 && find(rename.getNewName()) != position) {
        throw ApiException.invalidQuery("Column already exists: " + rename.getNewName());
      }
      refuseWhereUsed(fields.get(position).getName(), "rename");
      fields.set(position, fields.get(position).clone().setName(rename.getNewName()));
    } else {
      throw ApiException.notImplemented(
          "ALTER TABLE with DROP or RENAME COLUMN beside other actions");
    }
  }

  private void drop(ResolvedDropColumnActionProto drop) {
    if (find(drop.getName()) < 0 && drop.getIsIfExists()) {
      return;
    }
    int position = position(drop.getName());
    refuseWhereUsed(fields.get(position).getName(), "drop");
    if (fields.size() == 1) {
      throw ApiException.invalidQuery("Cannot drop the only column of a table: " + drop.getName());
    }
    fields.remove(position);
    kept.remove(position);
  }

  private void refuseWhereUsed(String column, String verb) {
    boolean clustered =
        table.getClustering() != null
            && table.getClustering().getFields().stream().anyMatch(column::equalsIgnoreCase);
    if (clustered || column.equalsIgnoreCase(Partitioning.column(table))) {
      throw ApiException.invalidQuery(
          "Cannot " + verb + " column " + column + ": the table is partitioned or clustered by it");
    }
  }

  private int position(String name) {
    int position = find(name);
    if (position < 0) {
      throw ApiException.invalidQuery("Column not found: " + name);
    }
    return position;
  }

  private int find(String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).getName().equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The table as it will be. */
  Table next() {
    return table.clone().setSchema(new TableSchema().setFields(fields));
  }

  /** Where each column of {@link #next} stood. */
  List<Integer> kept() {
    return kept;
  }
}
