package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.ApiJson;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/**
 * A warehouse in a directory of its own.
 *
 * <p>Rows are written to staging first, and become a table's by the replacement of one small file;
 * whatever a crash left in staging or without an owner is cleared at the next start.
 */
public final class DiskWarehouse implements Warehouse {
  private record Key(String project, String dataset) implements Comparable<Key> {
    @Override
    public int compareTo(Key other) {
      int byProject = project.compareTo(other.project);
      return byProject != 0 ? byProject : dataset.compareTo(other.dataset);
    }
  }

  private final Path directory;
  private final Path staging;
  private final Map<Key, StoredDataset> datasets = new ConcurrentSkipListMap<>();

  private DiskWarehouse(Path directory) {
    this.directory = directory.resolve("datasets");
    this.staging = directory.resolve("staging");
  }

  /** Opens the warehouse in this directory, which nobody else may use, or starts an empty one. */
  public static DiskWarehouse open(Path directory) {
    DiskWarehouse warehouse = new DiskWarehouse(directory);
    Durable.deleteTree(warehouse.staging);
    Durable.createDirectory(warehouse.staging);
    Durable.createDirectory(warehouse.directory);
    for (Path child : Durable.list(warehouse.directory)) {
      StoredDataset.open(child, warehouse.staging).ifPresent(warehouse::add);
    }
    return warehouse;
  }

  private void add(StoredDataset dataset) {
    var reference = dataset.metadata().getDatasetReference();
    datasets.put(new Key(reference.getProjectId(), reference.getDatasetId()), dataset);
  }

  /** The jobs that changed tables just before a crash, and what they then had to report. */
  public Map<String, String> receipts() {
    Map<String, String> receipts = new HashMap<>();
    for (StoredDataset dataset : datasets.values()) {
      dataset.tables().forEach(table -> receipts.putAll(table.receipts()));
    }
    return receipts;
  }

  /** Forgets the {@link #receipts} of jobs that know by now. */
  public void settle(Set<String> jobs) {
    for (StoredDataset dataset : datasets.values()) {
      dataset.tables().forEach(table -> jobs.forEach(table::settle));
    }
  }

  @Override
  public List<Dataset> datasets(String project) {
    return datasets.entrySet().stream()
        .filter(entry -> entry.getKey().project().equals(project))
        .map(entry -> entry.getValue().metadata())
        .toList();
  }

  /** All projects that have a dataset. */
  public List<String> projects() {
    return datasets.keySet().stream().map(Key::project).distinct().toList();
  }

  @Override
  public Optional<Dataset> dataset(String project, String dataset) {
    return Optional.ofNullable(datasets.get(new Key(project, dataset)))
        .map(StoredDataset::metadata);
  }

  @Override
  public synchronized Dataset createDataset(Dataset dataset) {
    var reference = dataset.getDatasetReference();
    Names.checkDataset(reference.getDatasetId());
    Key key = new Key(reference.getProjectId(), reference.getDatasetId());
    if (datasets.containsKey(key)) {
      throw ApiException.duplicate("Already Exists: Dataset " + Names.of(reference));
    }
    Dataset created = ApiJson.copy(dataset).setCreationTime(System.currentTimeMillis());
    if (created.getLocation() == null) {
      created.setLocation("US");
    }
    StoredDataset stored = StoredDataset.create(directory, staging, created);
    datasets.put(key, stored);
    return stored.metadata();
  }

  @Override
  public Dataset replaceDataset(Dataset dataset) {
    var reference = dataset.getDatasetReference();
    StoredDataset stored = stored(reference.getProjectId(), reference.getDatasetId());
    stored.replace(dataset);
    return stored.metadata();
  }

  @Override
  public synchronized void deleteDataset(String project, String dataset, boolean contents) {
    stored(project, dataset).delete(contents);
    datasets.remove(new Key(project, dataset));
  }

  @Override
  public List<Table> tables(String project, String dataset) {
    return stored(project, dataset).tables().stream().map(StoredTable::metadata).toList();
  }

  @Override
  public Optional<Table> table(TableReference table) {
    return Optional.ofNullable(datasets.get(new Key(table.getProjectId(), table.getDatasetId())))
        .flatMap(dataset -> dataset.table(table.getTableId()))
        .map(StoredTable::metadata);
  }

  @Override
  public Table createTable(Table table) {
    return commit(
        table.getTableReference(),
        current -> {
          if (current.isPresent()) {
            throw ApiException.duplicate(
                "Already Exists: Table " + Names.of(table.getTableReference()));
          }
          return new TableChange(created(table), false, List.of(), Optional.empty());
        },
        () -> {});
  }

  /** The table as its first commit shall have it: checked, complete with what we assign. */
  public Table created(Table table) {
    TableReference reference = table.getTableReference();
    Dataset dataset = stored(reference.getProjectId(), reference.getDatasetId()).metadata();
    long now = System.currentTimeMillis();
    return TableRules.checked(DatasetDefaults.inherit(dataset, TableRules.checked(table), now))
        .setLocation(dataset.getLocation())
        .setCreationTime(now);
  }

  @Override
  public Table replaceTable(Table table) {
    return commit(
        table.getTableReference(),
        current -> {
          Table existing =
              current.orElseThrow(() -> Names.tableNotFound(table.getTableReference()));
          Table next =
              TableRules.checked(table)
                  .setCreationTime(existing.getCreationTime())
                  .setLocation(existing.getLocation());
          SchemaRules.checkReplacement(existing, next);
          return new TableChange(next, true, List.of(), Optional.empty());
        },
        () -> {});
  }

  @Override
  public Table putTable(Table table, Iterator<Object[]> rows) {
    Table created = created(table);
    List<Segment> added = stage(created.getSchema(), rows);
    return commit(
        table.getTableReference(),
        current -> new TableChange(created, false, added, Optional.empty()),
        () -> {});
  }

  @Override
  public void deleteTable(TableReference table) {
    stored(table.getProjectId(), table.getDatasetId()).deleteTable(table);
  }

  @Override
  public long rowCount(TableReference table) {
    return storedTable(table).rows();
  }

  @Override
  public RowCursor scan(TableReference table, List<String> columns, long limit) {
    return scan(table, columns, 0, limit);
  }

  /** As {@link #scan(TableReference, List, long)}, passing over the first rows. */
  public RowCursor scan(TableReference table, List<String> columns, long skip, long limit) {
    return storedTable(table).scan(columns, skip, limit);
  }

  @Override
  public void append(TableReference table, Iterator<Object[]> rows) {
    write(table, rows, true);
  }

  @Override
  public void replaceRows(TableReference table, Iterator<Object[]> rows) {
    write(table, rows, false);
  }

  @Override
  public boolean replaceRows(Table seen, Iterator<Object[]> rows) {
    List<Segment> added = stage(seen.getSchema(), rows);
    try {
      commit(
          seen.getTableReference(),
          current -> {
            Table table = current.orElseThrow(ChangedMeanwhile::new);
            if (!table.getEtag().equals(seen.getEtag())) {
              throw new ChangedMeanwhile();
            }
            return new TableChange(table, false, added, Optional.empty());
          },
          () -> {});
      return true;
    } catch (ChangedMeanwhile e) {
      added.forEach(this::discard);
      return false;
    }
  }

  private static final class ChangedMeanwhile extends RuntimeException {}

  private void write(TableReference table, Iterator<Object[]> rows, boolean keepRows) {
    TableSchema schema = storedTable(table).metadata().getSchema();
    List<Segment> added = stage(schema, rows);
    commit(
        table,
        current ->
            new TableChange(
                current.orElseThrow(() -> Names.tableNotFound(table)),
                keepRows,
                added,
                Optional.empty()),
        () -> {});
  }

  /** Writes the rows to a segment that a {@link TableChange} can add; none for no rows. */
  public List<Segment> stage(TableSchema schema, Iterator<Object[]> rows) {
    if (!rows.hasNext()) {
      return List.of();
    }
    try (SegmentWriter writer = newSegment(schema)) {
      rows.forEachRemaining(writer::write);
      return List.of(writer.finish());
    }
  }

  /** Starts a segment that a {@link TableChange} can add. */
  public SegmentWriter newSegment(TableSchema schema) {
    return new SegmentWriter(staging.resolve(UUID.randomUUID() + ".rows"), schema);
  }

  /** Drops a finished segment that nothing will add. */
  public void discard(Segment segment) {
    Durable.delete(staging.resolve(segment.file()));
  }

  /**
   * Changes or creates a table in one step.
   *
   * @param decide from the table as it is, or nothing where it is not there, to what it shall be;
   *     may throw to change nothing
   * @param committed runs when the change is durable, before any other change of the dataset
   */
  public Table commit(
      TableReference table, Function<Optional<Table>, TableChange> decide, Runnable committed) {
    Function<Optional<Table>, TableChange> decideAndInherit =
        current -> {
          TableChange change = decide.apply(current);
          current.ifPresent(before -> DatasetDefaults.collateAdded(before, change.table()));
          return change;
        };
    return stored(table.getProjectId(), table.getDatasetId())
        .commit(table, decideAndInherit, committed);
  }

  private StoredDataset stored(String project, String dataset) {
    StoredDataset stored = datasets.get(new Key(project, dataset));
    if (stored == null) {
      throw Names.datasetNotFound(project, dataset);
    }
    return stored;
  }

  private StoredTable storedTable(TableReference table) {
    return stored(table.getProjectId(), table.getDatasetId())
        .table(table.getTableId())
        .orElseThrow(() -> Names.tableNotFound(table));
  }
}
