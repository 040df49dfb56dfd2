package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.ApiJson;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Function;

/** A dataset's directory and the tables in it. Changes take turns, readers never wait. */
final class StoredDataset {
  private static final String FILE = "dataset.json";
  private static final int LONGEST_PREFIX = 100;

  private final Path directory;
  private final Path staging;
  private volatile Map<String, StoredTable> tables;
  private volatile Dataset metadata;
  private boolean deleted;

  private StoredDataset(Path directory, Path staging, Dataset metadata) {
    this.directory = directory;
    this.staging = staging;
    this.metadata = metadata;
    this.tables = byName(metadata);
  }

  /** Where the dataset says so, names that differ by case only are one name. */
  private static Map<String, StoredTable> byName(Dataset metadata) {
    return Boolean.TRUE.equals(metadata.getIsCaseInsensitive())
        ? new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER)
        : new ConcurrentSkipListMap<>();
  }

  static StoredDataset create(Path parent, Path staging, Dataset metadata) {
    Path directory = fresh(parent, metadata.getDatasetReference().getDatasetId());
    StoredDataset dataset = new StoredDataset(directory, staging, metadata);
    Durable.createDirectory(directory);
    dataset.replace(metadata);
    return dataset;
  }

  static Optional<StoredDataset> open(Path directory, Path staging) {
    if (!Files.exists(directory.resolve(FILE))) {
      Durable.deleteTree(directory);
      return Optional.empty();
    }
    Dataset metadata = ApiJson.read(Durable.read(directory.resolve(FILE)), Dataset.class);
    StoredDataset dataset = new StoredDataset(directory, staging, metadata);
    for (Path child : Durable.list(directory)) {
      if (Files.isDirectory(child)) {
        StoredTable.open(child).ifPresent(dataset::add);
      }
    }
    return Optional.of(dataset);
  }

  /** A directory that no earlier bearer of the name can have had, and that tells the name. */
  private static Path fresh(Path parent, String name) {
    String prefix = URLEncoder.encode(name, StandardCharsets.UTF_8);
    return parent.resolve(
        prefix.substring(0, Math.min(prefix.length(), LONGEST_PREFIX)) + "." + UUID.randomUUID());
  }

  private void add(StoredTable table) {
    tables.put(table.metadata().getTableReference().getTableId(), table);
  }

  Dataset metadata() {
    return ApiJson.copy(metadata);
  }

  synchronized void replace(Dataset next) {
    checkAlive();
    Dataset stamped =
        ApiJson.copy(next)
            .setEtag(UUID.randomUUID().toString())
            .setLastModifiedTime(System.currentTimeMillis());
    Map<String, StoredTable> renamed = byName(stamped);
    renamed.putAll(tables);
    if (renamed.size() < tables.size()) {
      throw ApiException.invalid(
          "Tables of dataset "
              + Names.of(metadata.getDatasetReference())
              + " have names that differ by case only.");
    }
    Durable.write(directory.resolve(FILE), ApiJson.write(stamped));
    metadata = stamped;
    tables = renamed;
  }

  List<StoredTable> tables() {
    return List.copyOf(tables.values());
  }

  Optional<StoredTable> table(String name) {
    return Optional.ofNullable(tables.get(name));
  }

  /**
   * Changes or creates a table.
   *
   * @param decide from the table as it is, or nothing, to what it shall be; may throw
   * @param committed runs when the change is durable, before any other change
   */
  synchronized Table commit(
      TableReference reference, Function<Optional<Table>, TableChange> decide, Runnable committed) {
    checkAlive();
    String name = reference.getTableId();
    StoredTable table = tables.get(name);
    TableChange change = decide.apply(Optional.ofNullable(table).map(StoredTable::metadata));
    if (table == null) {
      Names.checkTable(name);
      table = StoredTable.create(fresh(directory, name), change, staging);
      tables.put(name, table);
    } else {
      table.commit(change, staging);
    }
    committed.run();
    change.receipt().map(TableChange.Receipt::job).ifPresent(table::settle);
    return table.metadata();
  }

  synchronized void deleteTable(TableReference reference) {
    StoredTable table = tables.remove(reference.getTableId());
    if (table == null) {
      throw Names.tableNotFound(reference);
    }
    table.delete();
  }

  synchronized void delete(boolean contents) {
    checkAlive();
    if (!contents && !tables.isEmpty()) {
      throw new ApiException(
          400,
          "resourceInUse",
          "Dataset " + Names.of(metadata.getDatasetReference()) + " is still in use");
    }
    Durable.delete(directory.resolve(FILE));
    deleted = true;
    tables.values().forEach(StoredTable::delete);
    tables.clear();
    Durable.deleteTree(directory);
  }

  private void checkAlive() {
    if (deleted) {
      throw Names.datasetNotFound(
          metadata.getDatasetReference().getProjectId(),
          metadata.getDatasetReference().getDatasetId());
    }
  }
}
