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
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Keeps everything in memory, and remembers what was read. */
final class MemoryWarehouse implements Warehouse {
  private final Map<String, Dataset> datasets = new TreeMap<>();
  private final Map<String, Table> tables = new TreeMap<>();
  private final Map<String, List<Object[]>> rows = new TreeMap<>();
  final List<String> scans = new ArrayList<>();

  private static String key(TableReference t) {
    return t.getProjectId() + "." + t.getDatasetId() + "." + t.getTableId();
  }

  @Override
  public synchronized List<Dataset> datasets(String project) {
    return datasets.values().stream()
        .filter(d -> d.getDatasetReference().getProjectId().equals(project))
        .toList();
  }

  @Override
  public synchronized Optional<Dataset> dataset(String project, String dataset) {
    return Optional.ofNullable(datasets.get(project + "." + dataset));
  }

  @Override
  public synchronized Dataset createDataset(Dataset dataset) {
    String key =
        dataset.getDatasetReference().getProjectId()
            + "."
            + dataset.getDatasetReference().getDatasetId();
    if (datasets.putIfAbsent(key, dataset) != null) {
      throw ApiException.duplicate("Already Exists: Dataset " + key);
    }
    return dataset;
  }

  @Override
  public synchronized void deleteDataset(String project, String dataset, boolean contents) {
    if (!contents && !tables(project, dataset).isEmpty()) {
      throw new ApiException(400, "resourceInUse", "Dataset is still in use");
    }
    tables(project, dataset).forEach(t -> deleteTable(t.getTableReference()));
    datasets.remove(project + "." + dataset);
  }

  @Override
  public synchronized List<Table> tables(String project, String dataset) {
    return tables.values().stream()
        .filter(t -> t.getTableReference().getProjectId().equals(project))
        .filter(t -> t.getTableReference().getDatasetId().equals(dataset))
        .toList();
  }

  @Override
  public synchronized Optional<Table> table(TableReference table) {
    return Optional.ofNullable(tables.get(key(table)));
  }

  @Override
  public synchronized Table createTable(Table table) {
    String key = key(table.getTableReference());
    if (tables.putIfAbsent(key, table) != null) {
      throw ApiException.duplicate("Already Exists: Table " + key);
    }
    rows.put(key, new ArrayList<>());
    return table;
  }

  @Override
  public synchronized Table replaceTable(Table table) {
    String key = key(table.getTableReference());
    int width = table.getSchema() == null ? 0 : table.getSchema().getFields().size();
    List<Object[]> widened = new ArrayList<>();
    for (Object[] row : rows.get(key)) {
      Object[] wide = java.util.Arrays.copyOf(row, width);
      for (int i = row.length; i < width; i++) {
        boolean repeated = "REPEATED".equals(table.getSchema().getFields().get(i).getMode());
        wide[i] = repeated ? List.of() : null;
      }
      widened.add(wide);
    }
    rows.put(key, widened);
    tables.put(key, table);
    return table;
  }

  @Override
  public synchronized void deleteTable(TableReference table) {
    if (tables.remove(key(table)) == null) {
      throw ApiException.notFound("Not found: Table " + key(table));
    }
    rows.remove(key(table));
  }

  @Override
  public synchronized long rowCount(TableReference table) {
    return rows.get(key(table)).size();
  }

  @Override
  public synchronized RowCursor scan(TableReference table, List<String> columns, long limit) {
    scans.add(table.getTableId() + columns + (limit == Long.MAX_VALUE ? "" : " limit " + limit));
    List<String> names =
        tables.get(key(table)).getSchema().getFields().stream()
            .map(TableFieldSchema::getName)
            .toList();
    Iterator<Object[]> all = List.copyOf(rows.get(key(table))).stream().limit(limit).iterator();
    return new RowCursor() {
      @Override
      public boolean hasNext() {
        return all.hasNext();
      }

      @Override
      public Object[] next() {
        Object[] row = all.next();
        return columns.stream().map(column -> row[names.indexOf(column)]).toArray();
      }

      @Override
      public void close() {}
    };
  }

  @Override
  public synchronized void append(TableReference table, Iterator<Object[]> newRows) {
    List<Object[]> all = new ArrayList<>(rows.get(key(table)));
    newRows.forEachRemaining(all::add);
    rows.put(key(table), all);
  }

  @Override
  public synchronized void replaceRows(TableReference table, Iterator<Object[]> newRows) {
    List<Object[]> all = new ArrayList<>();
    newRows.forEachRemaining(all::add);
    rows.put(key(table), all);
  }
}
