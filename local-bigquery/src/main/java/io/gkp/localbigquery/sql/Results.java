package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.ApiException;
import java.util.List;

/** Results of statements that return no rows. */
final class Results {
  private Results() {}

  static StatementResult ddl(String statementType, TableReference target, String operation) {
    return new StatementResult(statementType, null, List.of(), -1, 0, List.of(), target, operation);
  }

  static StatementResult dml(
      String statementType, long affectedRows, long bytes, List<TableReference> referenced) {
    return new StatementResult(
        statementType, null, List.of(), affectedRows, bytes, referenced, null, null);
  }

  static ApiException datasetNotFound(DatasetReference dataset) {
    return ApiException.notFound(
        "Not found: Dataset "
            + dataset.getProjectId()
            + ":"
            + dataset.getDatasetId()
            + " was not found in location US");
  }
}
