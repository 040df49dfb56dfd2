package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.storage.Warehouse;
import io.gkp.localbigquery.storage.Warehouse.RowCursor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/** What a DML statement does to the rows of its table, which go by their number. */
final class RowChanges {
  private final Table table;
  private final List<TableFieldSchema> fields;
  private final Set<Long> deleted = new HashSet<>();
  private final Map<Long, UnaryOperator<Object[]>> updated = new HashMap<>();
  private final List<Object[]> inserted = new ArrayList<>();

  RowChanges(Table table) {
    this.table = table;
    this.fields = new Relation.Stored(table).fields();
  }

  /** Throws {@code invalidQuery} where the row is changed already. */
  void delete(long row) {
    once(row);
    deleted.add(row);
  }

  /** Throws {@code invalidQuery} where the row is changed already. */
  void update(long row, UnaryOperator<Object[]> change) {
    once(row);
    updated.put(row, change);
  }

  void insert(Object[] row) {
    inserted.add(row);
  }

  private void once(long row) {
    if (deleted.contains(row) || updated.containsKey(row)) {
      throw ApiException.invalidQuery(
          "UPDATE/MERGE must match at most one source row for each target row");
    }
  }

  long count() {
    return deleted.size() + updated.size() + inserted.size();
  }

  /** Writes the changes, whole or not at all; false where the table was changed meanwhile. */
  boolean apply(Warehouse warehouse) {
    inserted.forEach(this::check);
    if (deleted.isEmpty() && updated.isEmpty()) {
      if (!inserted.isEmpty()) {
        warehouse.append(table.getTableReference(), inserted.iterator());
      }
      return true;
    }
    List<String> names = fields.stream().map(TableFieldSchema::getName).toList();
    try (RowCursor old = warehouse.scan(table.getTableReference(), names, Long.MAX_VALUE)) {
      return warehouse.replaceRows(table, new Changed(old));
    }
  }

  /** Throws {@code invalidQuery} for NULL in a required field. */
  private Object[] check(Object[] row) {
    for (int i = 0; i < row.length; i++) {
      if (row[i] == null && "REQUIRED".equals(fields.get(i).getMode())) {
        throw ApiException.invalidQuery(
            "Required field " + fields.get(i).getName() + " cannot be null");
      }
    }
    return row;
  }

  private final class Changed implements Iterator<Object[]> {
    private final Iterator<Object[]> old;
    private final Iterator<Object[]> added = inserted.iterator();
    private long number;
    private Object[] next;

    Changed(Iterator<Object[]> old) {
      this.old = old;
    }

    @Override
    public boolean hasNext() {
      while (next == null && old.hasNext()) {
        Object[] row = old.next();
        UnaryOperator<Object[]> change = updated.get(number);
        if (!deleted.contains(number)) {
          next = change == null ? row : check(change.apply(row));
        }
        number++;
      }
      if (next == null && added.hasNext()) {
        next = added.next();
      }
      return next != null;
    }

    @Override
    public Object[] next() {
      if (!hasNext()) {
        throw new java.util.NoSuchElementException();
      }
      Object[] row = next;
      next = null;
      return row;
    }
  }
}
