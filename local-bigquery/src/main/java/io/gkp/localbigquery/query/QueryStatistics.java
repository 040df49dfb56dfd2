package io.gkp.localbigquery.query;

import com.google.api.services.bigquery.model.DmlStatistics;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatistics2;
import io.gkp.localbigquery.sql.statement.RowCounts;
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
            .setUndeclaredQueryParameters(
                result.undeclared().isEmpty() ? null : result.undeclared())
            .setDdlOperationPerformed(result.ddlOperation())
            .setDdlTargetTable(result.ddlTarget())
            .setDdlTargetRoutine(result.routine());
    RowCounts affected = result.affected();
    if (affected != null) {
      query
          .setNumDmlAffectedRows(affected.total())
          .setDmlStats(
              new DmlStatistics()
                  .setInsertedRowCount(affected.inserted())
                  .setUpdatedRowCount(affected.updated())
                  .setDeletedRowCount(affected.deleted()));
    }
    return new JobStatistics().setTotalBytesProcessed(result.bytesProcessed()).setQuery(query);
  }

  /** Of a statement that failed. */
  static JobStatistics none() {
    return new JobStatistics().setQuery(new JobStatistics2());
  }
}
