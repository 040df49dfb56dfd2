package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Table;
import java.util.Locale;

/**
 * The hidden column of tables that are partitioned by when a row came.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/partitioned-tables#ingestion_time">Ingestion
 *     time partitioning</a>
 */
public final class IngestionTime {
  /** Its name in DuckDB. */
  public static final String COLUMN = "partition_time";

  private IngestionTime() {}

  public static boolean partitions(Table table) {
    return table.getTimePartitioning() != null
        && table.getTimePartitioning().getField() == null
        && table.getView() == null;
  }

  /** The column, as CREATE TABLE takes it. */
  static String definition(Table table) {
    String type = table.getTimePartitioning().getType();
    return COLUMN
        + " TIMESTAMP DEFAULT date_trunc('"
        + (type == null ? "DAY" : type).toLowerCase(Locale.ROOT)
        + "', CAST(timezone('UTC', now()) AS TIMESTAMP))";
  }
}
