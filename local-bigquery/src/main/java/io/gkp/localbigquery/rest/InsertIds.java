package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.storage.Names;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * The newest insert ids, so that a row that a client sends again is there once. The real service
 * promises a minute, at best; this one promises a number of rows, while it runs.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/streaming-data-into-bigquery#dataconsistency">best
 *     effort de-duplication</a>
 */
final class InsertIds {
  static final int MOST = 100_000;

  private final Set<String> keys = new LinkedHashSet<>();

  synchronized boolean holds(TableReference table, Long created, String id) {
    return keys.contains(key(table, created, id));
  }

  synchronized void add(TableReference table, Long created, Collection<String> ids) {
    ids.forEach(id -> keys.add(key(table, created, id)));
    while (keys.size() > MOST) {
      keys.remove(keys.iterator().next());
    }
  }

  /** A table (or template of one) that was made anew knows nothing of the old one's rows. */
  private static String key(TableReference table, Long created, String id) {
    return Names.of(table) + " " + created + " " + id;
  }
}
