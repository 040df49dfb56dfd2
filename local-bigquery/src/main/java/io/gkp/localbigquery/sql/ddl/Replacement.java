package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.Clustering;
import com.google.api.services.bigquery.model.Table;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What CREATE OR REPLACE TABLE may replace: a table of the same partitions and clusters. */
final class Replacement {
  private Replacement() {}

  /** Throws {@code invalid} where the table that is there has to be dropped first. */
  static void check(Warehouse warehouse, Table next) {
    Optional<Table> existing = warehouse.table(next.getTableReference());
    if (existing.isEmpty()) {
      return;
    }
    if (existing.get().getView() != null) {
      throw ApiException.invalid(
          TableName.display(next.getTableReference())
              + " is not allowed for this operation because it is currently a VIEW.");
    }
    boolean same =
        days(existing.get()).equals(days(next))
            && Objects.equals(existing.get().getRangePartitioning(), next.getRangePartitioning())
            && clusters(existing.get()).equals(clusters(next));
    if (!same) {
      throw ApiException.invalid(
          "Cannot replace a table with a different partitioning spec. Instead, DROP the table, and"
              + " then recreate it.");
    }
  }

  private static List<String> days(Table table) {
    return Optional.ofNullable(table.getTimePartitioning())
        .map(days -> List.of(days.getType(), String.valueOf(days.getField())))
        .orElse(List.of());
  }

  private static List<String> clusters(Table table) {
    return Optional.ofNullable(table.getClustering()).map(Clustering::getFields).orElse(List.of());
  }
}
