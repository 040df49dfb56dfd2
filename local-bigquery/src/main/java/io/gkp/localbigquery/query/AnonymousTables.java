package io.gkp.localbigquery.query;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Warehouse;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;

/**
 * Where results go that nobody named a table for: a hidden dataset per location, for a day.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/cached-results">Cached results</a>
 */
final class AnonymousTables {
  private static final Duration LIFE = Duration.ofHours(24);
  private static final Duration BETWEEN_PURGES = Duration.ofMinutes(10);

  private final Warehouse warehouse;
  private long nextPurge;

  AnonymousTables(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /** A table that is not there yet, in a dataset that is. */
  Table next(String project, String location) {
    String dataset = "_anonymous_" + location.toLowerCase(Locale.ROOT).replace('-', '_');
    if (warehouse.dataset(project, dataset).isEmpty()) {
      create(project, dataset, location);
    }
    purge(project, dataset);
    TableReference table =
        Names.table(project, dataset, "anon" + UUID.randomUUID().toString().replace("-", ""));
    return new Table()
        .setTableReference(table)
        .setExpirationTime(System.currentTimeMillis() + LIFE.toMillis());
  }

  private void create(String project, String dataset, String location) {
    try {
      warehouse.createDataset(
          new Dataset()
              .setDatasetReference(
                  new DatasetReference().setProjectId(project).setDatasetId(dataset))
              .setLocation(location));
    } catch (ApiException e) {
      if (!e.reason().equals("duplicate")) {
        throw e;
      }
    }
  }

  private synchronized void purge(String project, String dataset) {
    long now = System.currentTimeMillis();
    if (now < nextPurge) {
      return;
    }
    nextPurge = now + BETWEEN_PURGES.toMillis();
    for (Table table : warehouse.tables(project, dataset)) {
      if (table.getExpirationTime() != null && table.getExpirationTime() < now) {
        warehouse.deleteTable(table.getTableReference());
      }
    }
  }
}
