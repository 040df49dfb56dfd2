package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/** Remembers what was read, and lets a test get in between reading and writing. */
final class RecordingWarehouse implements Warehouse {
  private final Warehouse warehouse;
  final List<String> scans = Collections.synchronizedList(new ArrayList<>());
  Runnable beforeReplacingRows = () -> {};

  RecordingWarehouse(Warehouse warehouse) {
    this.warehouse = warehouse;
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
  public Dataset createDataset(Dataset dataset) {
    return warehouse.createDataset(dataset);
  }

  @Override
  public Dataset replaceDataset(Dataset dataset) {
    return warehouse.replaceDataset(dataset);
  }

  @Override
  public void deleteDataset(String project, String dataset, boolean contents) {
    warehouse.deleteDataset(project, dataset, contents);
  }

  @Override
  public List<Table> tables(String project, String dataset) {
    return warehouse.tables(project, dataset);
  }

  @Override
  public Optional<Table> table(TableReference table) {
    return warehouse.table(table);
  }

  @Override
  public Table createTable(Table table) {
    return warehouse.createTable(table);
  }

  @Override
  public Table replaceTable(Table table) {
    return warehouse.replaceTable(table);
  }

  @Override
  public Table putTable(Table table, Iterator<Object[]> rows) {
    return warehouse.putTable(table, rows);
  }

  @Override
  public void deleteTable(TableReference table) {
    warehouse.deleteTable(table);
  }

  @Override
  public long rowCount(TableReference table) {
    return warehouse.rowCount(table);
  }

  @Override
  public RowCursor scan(TableReference table, List<String> columns, long limit) {
    scans.add(table.getTableId() + columns + (limit == Long.MAX_VALUE ? "" : " limit " + limit));
    return warehouse.scan(table, columns, limit);
  }

  @Override
  public void append(TableReference table, Iterator<Object[]> rows) {
    warehouse.append(table, rows);
  }

  @Override
  public void replaceRows(TableReference table, Iterator<Object[]> rows) {
    warehouse.replaceRows(table, rows);
  }

  @Override
  public boolean replaceRows(Table seen, Iterator<Object[]> rows) {
    beforeReplacingRows.run();
    return warehouse.replaceRows(seen, rows);
  }
}
