package io.gkp.connector.source;

import io.gkp.connector.config.TableName;
import io.gkp.connector.mapping.ChangeOp;
import io.gkp.connector.mapping.SourceTable;
import java.time.Instant;

/**
 * One change of one captured row, or a truncation.
 *
 * @param layout the table's columns as they were when the change was made
 * @param values one text per column of {@code layout}: null for NULL, {@link
 *     io.gkp.connector.mapping.DebeziumTextConverter#UNAVAILABLE} for a value that Postgres did not
 *     send; for deletes only key columns are meaningful
 * @param lsn position of the change; not in commit order, and shared by the rows of one WAL record
 */
public record Change(
    TableName table,
    SourceTable layout,
    ChangeOp operation,
    String[] values,
    long lsn,
    long transactionId,
    Instant committedAt) {}
