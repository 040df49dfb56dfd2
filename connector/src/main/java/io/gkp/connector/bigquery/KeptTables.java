package io.gkp.connector.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Table;
import io.gkp.bigquery.Calls;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.Inheritance;
import io.gkp.bigquery.Permanence;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.util.List;

/** Frees tables of the export from what their dataset gave them when they were created. */
final class KeptTables {
  private final DestinationConfig config;
  private final Permanence permanence;

  KeptTables(BigQuery bigquery, DestinationConfig config) {
    this.config = config;
    this.permanence = new Permanence(bigquery, new Calls(config));
  }

  /**
   * The table, which stays for ever from now on and compares text as it is.
   *
   * @throws ExportException {@code TABLES_EXPIRE} where BigQuery insists on an end, {@code
   *     DATASET_UNFIT} where columns have a collation, which nothing takes from them
   */
  Table keep(Table table) {
    List<String> collated = Inheritance.collated(table);
    if (!collated.isEmpty()) {
      throw collated(table, collated);
    }
    return permanence.keep(table);
  }

  private ExportException collated(Table table, List<String> columns) {
    String name = table.getTableId().getTable();
    return new ExportException(
        Failure.DATASET_UNFIT,
        """
        Columns of table %s in %s have a collation, by which values that differ by case are \
        the same: %s."""
            .formatted(name, config.describe(), String.join(", ", columns)),
        "No statement takes it from them. Run bq rm -f -t %s:%s.%s, then %s"
            .formatted(
                config.project(),
                config.dataset(),
                name,
                name.startsWith("raw_")
                    ? "offsets reset of this table: the next run creates it without, and reads it anew."
                    : "offsets reset --all: the next run begins a new ledger and reads all tables"
                        + " anew."));
  }
}
