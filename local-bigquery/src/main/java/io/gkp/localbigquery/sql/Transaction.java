package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/**
 * A warehouse as a transaction sees it: with its own changes, which nobody else sees before {@link
 * #commit}. They are kept in memory, and become visible in one step; as the warehouse takes one
 * table at a time, a transaction may change one table only.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/transactions">Multi-statement
 *     transactions</a>
 */
final class Transaction implements Warehouse {
  private final Warehouse warehouse;
  private Table changed;
  private List<Object[]> rows;

  Transaction(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /** Throws {@code invalidQuery} where the table was changed since, and changes nothing then. */
  void commit() {
    if (changed != null && !warehouse.replaceRows(changed, rows.iterator())) {
      throw ApiException.invalidQuery(
          "Transaction is aborted due to concurrent update against table "
              + TableName.display(changed.getTableReference()));
    }
  }

  private void change(TableReference table) {
    if (isChanged(table)) {
      return;
    }
    if (changed != null) {
      throw ApiException.notImplemented("transactions that change more than one table");
    }
    Table seen =
        warehouse
            .table(table)
            .orElseThrow(() -> ApiException.notFound("Not found: " + TableName.display(table)));
    List<String> columns =
        new Relation.Stored(seen).fields().stream().map(TableFieldSchema::getName).toList();
    List<Object[]> all = new ArrayList<>();
    try (RowCursor cursor = warehouse.scan(table, columns, Long.MAX_VALUE)) {
      cursor.forEachRemaining(all::add);
    }
    changed = seen;
    rows = all;
  }

  private boolean isChanged(TableReference table) {
    return changed != null
        && TableName.display(changed.getTableReference()).equals(TableName.display(table));
  }

  @Override
  public void append(TableReference table, Iterator<Object[]> added) {
    change(table);
    added.forEachRemaining(rows::add);
  }

  @Override
  public void replaceRows(TableReference table, Iterator<Object[]> replacement) {
    change(table);
    List<Object[]> all = new ArrayList<>();
    replacement.forEachRemaining(all::add);
    rows = all;
  }

  @Override
  public boolean replaceRows(Table seen, Iterator<Object[]> replacement) {
    replaceRows(seen.getTableReference(), replacement);
    return true;
  }

  @Override
  public long rowCount(TableReference table) {
    return isChanged(table) ? rows.size() : warehouse.rowCount(table);
  }

  @Override
  public RowCursor scan(TableReference table, List<String> columns, long limit) {
    if (!isChanged(table)) {
      return warehouse.scan(table, columns, limit);
    }
    List<TableFieldSchema> fields = new Relation.Stored(changed).fields();
    int[] positions = columns.stream().mapToInt(name -> Dml.position(fields, name)).toArray();
    Iterator<Object[]> all = rows.stream().limit(limit).iterator();
    return new RowCursor() {
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

      @Override
      public void close() {}
    };
  }

  @Override
  public List<Dataset> datasets(String project) {
    return warehouse.datasets(project);
  }

  @Override
  public Optional<Dataset> dataset(String project, String dataset) {
    return warehouse.dataset(project, dataset);
  }

  @Override
  public List<Table> tables(String project, String dataset) {
    return warehouse.tables(project, dataset);
  }

  @Override
  public Optional<Table> table(TableReference table) {
    return isChanged(table) ? Optional.of(changed) : warehouse.table(table);
  }

  @Override
  public Dataset createDataset(Dataset dataset) {
    throw ddl();
  }

  @Override
  public Dataset replaceDataset(Dataset dataset) {
    throw ddl();
  }

  @Override
  public void deleteDataset(String project, String dataset, boolean contents) {
    throw ddl();
  }

  @Override
  public Table createTable(Table table) {
    throw ddl();
  }

  @Override
  public Table replaceTable(Table table) {
    throw ddl();
  }

  @Override
  public Table putTable(Table table, Iterator<Object[]> newRows) {
    throw ddl();
  }

  @Override
  public void deleteTable(TableReference table) {
    throw ddl();
  }

  private static ApiException ddl() {
    return ApiException.invalidQuery("DDL on permanent entities is not supported in transactions");
  }
}
