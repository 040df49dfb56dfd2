package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Table;
import java.math.BigInteger;
import java.util.List;

/**
 * {@code dataset.__TABLES__}, older than INFORMATION_SCHEMA and not documented, which dbt reads for
 * its catalog. Times are milliseconds.
 *
 * @see <a
 *     href="https://github.com/dbt-labs/dbt-adapters/blob/main/dbt-bigquery/src/dbt/include/bigquery/macros/catalog/catalog.sql">dbt's
 *     catalog</a>
 */
final class TablesOfDataset {
  static final String NAME = "__TABLES__";
  static final String COLUMNS =
      "project_id STRING, dataset_id STRING, table_id STRING, creation_time INT64,"
          + " last_modified_time INT64, row_count INT64, size_bytes INT64, type INT64";

  private static final long TABLE = 1;
  private static final long VIEW = 2;

  private TablesOfDataset() {}

  static List<Object[]> of(List<Table> tables) {
    return tables.stream().map(TablesOfDataset::row).toList();
  }

  private static Object[] row(Table table) {
    BigInteger rows = table.getNumRows();
    return new Object[] {
      table.getTableReference().getProjectId(),
      table.getTableReference().getDatasetId(),
      table.getTableReference().getTableId(),
      table.getCreationTime(),
      table.getLastModifiedTime().longValueExact(),
      rows == null ? 0L : rows.longValueExact(),
      table.getNumBytes() == null ? 0L : table.getNumBytes(),
      table.getView() == null ? TABLE : VIEW
    };
  }
}
