package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.QueryParameter;
import com.google.api.services.bigquery.model.RoutineReference;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.storage.Staged;
import java.util.List;

/**
 * What a statement did.
 *
 * @param statementType SELECT, INSERT, CREATE_TABLE, CREATE_VIEW, CREATE_TABLE_AS_SELECT ... as in
 *     {@code JobStatistics2.statementType}
 * @param schema of the rows; {@code null} where the statement returns none
 * @param rows on the statement's session; {@code null} in a dry run and where there are none
 * @param affected of DML that ran; {@code null} for other statements
 * @param bytesProcessed of the columns read
 * @param referencedTables tables and views that the statement reads
 * @param ddlTarget what DDL created or dropped; {@code null} for other statements
 * @param ddlOperation CREATE, SKIP, REPLACE or DROP; {@code null} for other statements
 * @param written the table that DML or CREATE TABLE AS SELECT put rows into; {@code null} for other
 *     statements
 * @param routine what DDL created or dropped; {@code null} for other statements
 * @param undeclared parameters of a dry run that the statement names and the request does not have
 */
public record StatementResult(
    String statementType,
    TableSchema schema,
    Staged rows,
    RowCounts affected,
    long bytesProcessed,
    List<TableReference> referencedTables,
    TableReference ddlTarget,
    String ddlOperation,
    TableReference written,
    RoutineReference routine,
    List<QueryParameter> undeclared) {
  public StatementResult(
      String statementType,
      TableSchema schema,
      Staged rows,
      RowCounts affected,
      long bytesProcessed,
      List<TableReference> referencedTables,
      TableReference ddlTarget,
      String ddlOperation,
      TableReference written) {
    this(
        statementType,
        schema,
        rows,
        affected,
        bytesProcessed,
        referencedTables,
        ddlTarget,
        ddlOperation,
        written,
        null,
        List.of());
  }

  /** The same of a dry run with parameters that the request does not have. */
  public StatementResult withUndeclared(List<QueryParameter> parameters) {
    return new StatementResult(
        statementType,
        schema,
        rows,
        affected,
        bytesProcessed,
        referencedTables,
        ddlTarget,
        ddlOperation,
        written,
        routine,
        parameters);
  }

  /** Of DML that ran; 0 for other statements. */
  public long affectedRows() {
    return affected == null ? 0 : affected.total();
  }

  /**
   * Of a script.
   *
   * @param schema of the rows; {@code null} where it returns none
   */
  public static StatementResult script(
      TableSchema schema, Staged rows, long bytes, List<TableReference> referenced) {
    return new StatementResult("SCRIPT", schema, rows, null, bytes, referenced, null, null, null);
  }
}
