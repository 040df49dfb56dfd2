package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A dataset and the tables in it, in memory. Changes take turns, readers never wait. */
final class StoredDataset {
  private volatile Map<String, StoredTable> tables;
  private volatile Map<String, NavigableMap<Long, PastState>> past;
  private final Map<String, Routine> routines = new ConcurrentSkipListMap<>();
  private volatile Dataset metadata;
  private boolean deleted;

  StoredDataset(Dataset metadata) {
    this.metadata = metadata;
    this.tables = byName(metadata);
    this.past = byName(metadata);
  }

  /** Where the dataset says so, names that differ by case only are one name. */
  private static <T> Map<String, T> byName(Dataset metadata) {
    return Boolean.TRUE.equals(metadata.getIsCaseInsensitive())
        ? new ConcurrentSkipListMap<>(String.CASE_INSENSITIVE_ORDER)
        : new ConcurrentSkipListMap<>();
  }

  Dataset metadata() {
    return ApiJson.copy(metadata);
  }

  /** By name. */
  Map<String, StoredTable> tables() {
    return tables;
  }

  /** What its tables have been, and tables that it had, by name and by the time since when. */
  Map<String, NavigableMap<Long, PastState>> past() {
    return past;
  }

  /** Whether it is one of ours, for results or for what is temporary: those have no past. */
  boolean isHidden() {
    return metadata.getDatasetReference().getDatasetId().startsWith("_");
  }

  /** What the past of a table is kept under: a name that does not differ by case alone. */
  TableReference pastOf(String table) {
    DatasetReference dataset = metadata.getDatasetReference();
    boolean caseInsensitive = Boolean.TRUE.equals(metadata.getIsCaseInsensitive());
    return Names.table(
        dataset.getProjectId(),
        dataset.getDatasetId(),
        caseInsensitive ? table.toLowerCase(Locale.ROOT) : table);
  }

  /** Of one table. */
  NavigableMap<Long, PastState> past(String table) {
    return past.getOrDefault(table, Collections.emptyNavigableMap());
  }

  /** By name. */
  Map<String, Routine> routines() {
    return routines;
  }

  /** Throws {@code invalid} where tables would have one name. */
  void checkNames(Dataset next) {
    Map<String, StoredTable> renamed = byName(next);
    renamed.putAll(tables);
    if (renamed.size() < tables.size()) {
      throw ApiException.invalid(
          "Tables of dataset "
              + Names.of(metadata.getDatasetReference())
              + " have names that differ by case only.");
    }
  }

  void replace(Dataset next) {
    Map<String, StoredTable> renamed = byName(next);
    renamed.putAll(tables);
    Map<String, NavigableMap<Long, PastState>> renamedPast = byName(next);
    renamedPast.putAll(past);
    metadata = next;
    tables = renamed;
    past = renamedPast;
  }

  void delete() {
    deleted = true;
  }

  boolean isDeleted() {
    return deleted;
  }

  /** Throws {@code notFound} where somebody deleted the dataset while one waited for a turn. */
  void checkAlive() {
    if (deleted) {
      throw Names.datasetNotFound(
          metadata.getDatasetReference().getProjectId(),
          metadata.getDatasetReference().getDatasetId());
    }
  }
}
