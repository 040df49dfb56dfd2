package io.gkp.connector.verify;

import com.google.cloud.bigquery.StandardSQLTypeName;
import io.gkp.connector.mapping.schema.ColumnMapping;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.name.TableName;
import io.gkp.sql.render.Identifiers;
import io.gkp.sql.verify.Comparisons;
import io.gkp.sql.verify.Coverage;
import java.util.Comparator;
import java.util.List;

/**
 * A table of which rows were read into a side table.
 *
 * @param raw how the rows were written
 * @param side the side table
 * @param epoch the epoch to compare with
 * @param snapshot {@code pg_current_snapshot()} of the read
 */
public record ReadTable(TableName name, RawTable raw, String side, long epoch, String snapshot) {
  /**
   * @param salt of the sample
   */
  Comparisons.Read read(VerifyOptions options, String salt) {
    List<ColumnMapping> key =
        raw.columns().stream()
            .filter(column -> column.source().isKey())
            .sorted(Comparator.comparingInt(column -> column.source().keyPosition()))
            .toList();
    List<String> fields = key.stream().map(ColumnMapping::fieldName).toList();
    return new Comparisons.Read(
        raw.name(),
        side,
        raw.columns().stream().map(ColumnMapping::fieldName).toList(),
        fields,
        coverage(options, key, fields, salt));
  }

  private static Coverage coverage(
      VerifyOptions options, List<ColumnMapping> key, List<String> fields, String salt) {
    if (options.condition() != null) {
      return Coverage.UNKNOWN;
    }
    if (options.sample() == null) {
      return Coverage.WHOLE;
    }
    List<SourceColumn> columns = key.stream().map(ColumnMapping::source).toList();
    return !fields.isEmpty() && options.sample().isKnownToBoth(columns)
        ? new Coverage(
            options.sample().inBigQuery(fields.stream().map(Identifiers::column).toList(), salt))
        : Coverage.UNKNOWN;
  }

  /** Whether the key may be told in a report, and is text that Postgres reads. */
  boolean isKeyOpen() {
    return raw.columns().stream()
        .filter(column -> column.source().isKey())
        .allMatch(
            column ->
                column.source().protection().isNone()
                    && column.field().getType().getStandardType() != StandardSQLTypeName.BYTES);
  }
}
