package io.gkp.localbigquery.query;

import com.google.api.services.bigquery.model.DmlStatistics;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatistics2;
import io.gkp.localbigquery.sql.statement.StatementResult;

/** What a query job reports of its success. */
final class QueryStatistics {
  private QueryStatistics() {}

  static JobStatistics of(StatementResult result) {
    JobStatistics2 query =
        new JobStatistics2()
            .setStatementType(result.statementType())
            .setTotalBytesProcessed(result.bytesProcessed())
            .setTotalBytesBilled(BytesBilled.of(result))
            .setCacheHit(false)
            .setReferencedTables(
                result.referencedTables().isEmpty() ? null : result.referencedTables())
            .setDdlOperationPerformed(result.ddlOperation())
            .setDdlTargetTable(result.ddlTarget())
            .setDdlTargetRoutine(result.routine());
    if (result.affectedRows() >= 0) {
      query.setNumDmlAffectedRows(result.affectedRows()).setDmlStats(dml(result));
    }
    return new JobStatistics().setTotalBytesProcessed(result.bytesProcessed()).setQuery(query);
  }

  /** Of a statement that failed. */
  static JobStatistics none() {
    return new JobStatistics().setQuery(new JobStatistics2());
  }

  private static DmlStatistics dml(StatementResult result) {
    DmlStatistics dml = new DmlStatistics();
    return switch (result.statementType()) {
      case "INSERT" -> dml.setInsertedRowCount(result.affectedRows());
      case "UPDATE" -> dml.setUpdatedRowCount(result.affectedRows());
      case "DELETE", "TRUNCATE_TABLE" -> dml.setDeletedRowCount(result.affectedRows());
      default -> null;
    };
  }
}
