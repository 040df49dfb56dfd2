package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import java.util.List;

/** Results of statements that return no rows. */
public final class Results {
  private Results() {}

  public static StatementResult ddl(String statementType, TableReference target, String operation) {
    return new StatementResult(
        statementType, null, null, null, 0, List.of(), target, operation, null);
  }

  /** Of what creates a table: its schema is the answer's. */
  public static StatementResult created(String statementType, Table table, String operation) {
    return new StatementResult(
        statementType,
        table.getSchema(),
        null,
        null,
        0,
        List.of(),
        table.getTableReference(),
        operation,
        null);
  }

  /**
   * @param affected {@code null} in a dry run
   */
  public static StatementResult dml(
      String statementType,
      TableReference written,
      RowCounts affected,
      long bytes,
      List<TableReference> referenced) {
    return new StatementResult(
        statementType, null, null, affected, bytes, referenced, null, null, written);
  }

  public static ApiException datasetNotFound(DatasetReference dataset) {
    return ApiException.notFound(
        "Not found: Dataset %s:%s was not found in location US"
            .formatted(dataset.getProjectId(), dataset.getDatasetId()));
  }
}
