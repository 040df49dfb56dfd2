package io.gkp.connector.bigquery;

import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import io.gkp.connector.mapping.schema.ColumnMapping;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/** What becomes of a raw table whose columns are to be protected otherwise than before. */
public final class ProtectionChanges {
  private ProtectionChanges() {}

  /** Hashed values beside clear ones, or under two salts, would pass for the same column. */
  public static ExportException refuse(RawTable raw) {
    return new ExportException(
        Failure.CONFIGURATION,
        """
        Of %s the configuration protects %s otherwise than the rows that are there: \
        excluded, hashed, or with another salt since they were read."""
            .formatted(raw.name(), names(raw.reprotected())),
        "Run offsets reset --table "
            + table(raw)
            + " --yes to read the table anew as configured now, or restore the configuration and the"
            + " salt of before.");
  }

  /**
   * Describes the fields as the next epoch's rows will be written, before the first one is.
   *
   * @param update changes the table in the warehouse
   * @throws ExportException {@code CONFIGURATION} where the key would need fields of another type
   */
  static RawTable describe(Table existing, RawTable raw, UnaryOperator<Table> update) {
    List<ColumnMapping> keys =
        raw.reprotected().stream()
            .filter(column -> column.source().isKey())
            .filter(column -> isRedirected(raw, column))
            .toList();
    if (!keys.isEmpty()) {
      throw new ExportException(
          Failure.CONFIGURATION,
          """
          The key %s of %s changes its type with its protection, and the models find rows by \
          it."""
              .formatted(names(keys), raw.name()),
          """
          Delete %s with everything in it (bq rm -t %s.%s), and run again: the next run \
          creates it and reads the table anew."""
              .formatted(raw.name(), existing.getTableId().getDataset(), raw.name()));
    }
    StandardTableDefinition definition = existing.getDefinition();
    Table described =
        update.apply(
            existing.toBuilder()
                .setDefinition(definition.toBuilder().setSchema(raw.redescribed()).build())
                .build());
    return RawTable.ofPresent(raw.source(), described.getDefinition().getSchema());
  }

  private static boolean isRedirected(RawTable raw, ColumnMapping column) {
    return raw.changes().redirected().stream()
        .anyMatch(redirection -> redirection.target().equals(column.fieldName()));
  }

  private static String names(List<ColumnMapping> columns) {
    return columns.stream().map(column -> column.source().name()).collect(Collectors.joining(", "));
  }

  private static String table(RawTable raw) {
    return new TableName(raw.source().schema(), raw.source().name()).display();
  }
}
