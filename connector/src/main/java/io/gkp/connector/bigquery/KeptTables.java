package io.gkp.connector.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableInfo;
import io.gkp.bigquery.BigQueryErrors;
import io.gkp.bigquery.Calls;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.Inheritance;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.util.List;
import java.util.Optional;

/** Frees tables of the export from what their dataset gave them when they were created. */
final class KeptTables {
  private final BigQuery bigquery;
  private final DestinationConfig config;
  private final Calls calls;

  KeptTables(BigQuery bigquery, DestinationConfig config) {
    this.bigquery = bigquery;
    this.config = config;
    this.calls = new Calls(config);
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
    Optional<TableInfo> change = Inheritance.undone(table);
    if (change.isEmpty()) {
      return table;
    }
    String name = table.getTableId().getTable();
    Table kept =
        calls.repeatToTheEnd(
            "taking the expiration from table " + name, () -> bigquery.update(change.get()));
    if (Inheritance.undone(kept).isPresent()) {
      throw new ExportException(
          Failure.TABLES_EXPIRE,
          "BigQuery keeps the expiration of table " + name + " in " + config.describe() + ".",
          BigQueryErrors.ENABLE_BILLING);
    }
    return kept;
  }

  private ExportException collated(Table table, List<String> columns) {
    String name = table.getTableId().getTable();
    return new ExportException(
        Failure.DATASET_UNFIT,
        "Columns of table "
            + name
            + " in "
            + config.describe()
            + " have a collation, by which values that differ by case are the same: "
            + String.join(", ", columns)
            + ".",
        "No statement takes it from them. Run bq rm -f -t "
            + config.project()
            + ":"
            + config.dataset()
            + "."
            + name
            + ", then "
            + (name.startsWith("raw_")
                ? "offsets reset of this table: the next run creates it without, and reads it anew."
                : "offsets reset --all: the next run begins a new ledger and reads all tables"
                    + " anew."));
  }
}
