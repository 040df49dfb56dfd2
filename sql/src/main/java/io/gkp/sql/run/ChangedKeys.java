package io.gkp.sql.run;

import io.gkp.bigquery.QueryJobs;
import io.gkp.sql.model.Layer;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.warehouse.RawTable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * Tables whose rows are being read anew under another key. An export lets the raw table have the
 * new key before it completes the new epoch; where it dies in between, what analysts see is still
 * the former epoch, which only the former key tells apart.
 */
final class ChangedKeys {
  private ChangedKeys() {}

  /**
   * The names of the raw tables whose views must stay as they are. Asks nothing where no key has
   * ever changed.
   */
  static Set<String> underway(List<RawTable> tables, Datasets datasets, Supplier<QueryJobs> jobs) {
    List<RawTable> changed = tables.stream().filter(table -> table.keyedSince() > 0).toList();
    if (changed.isEmpty()) {
      return Set.of();
    }
    Map<String, Long> completed = new HashMap<>();
    jobs.get()
        .rows(
            "completed epochs",
            """
            SELECT
              table_name,
              MAX(epoch) AS epoch
            FROM %s
            WHERE state = 'completed'
            GROUP BY
              table_name
            """
                .formatted(datasets.path(Layer.RAW, "epochs")))
        .forEach(row -> completed.put(row.get(0).getStringValue(), row.get(1).getLongValue()));
    return changed.stream()
        .filter(table -> completed.getOrDefault(table.source(), 0L) < table.keyedSince())
        .map(RawTable::rawName)
        .collect(Collectors.toSet());
  }
}
