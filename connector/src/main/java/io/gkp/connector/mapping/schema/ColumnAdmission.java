package io.gkp.connector.mapping.schema;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.Schema;
import io.gkp.connector.config.NewColumns;
import io.gkp.connector.source.table.ColumnDefinition;
import io.gkp.connector.source.table.ColumnProtection;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Decides whether a column's values may be exported that the configuration does not name: those of
 * columns that the raw table has a field for, and of the others as {@code new-columns} says.
 *
 * <p>The raw table's fields are the memory, as they were when a run first asked. Where there is no
 * raw table yet, the columns of that moment count as known. Columns are known by their names: one
 * that is renamed is new.
 */
public final class ColumnAdmission {
  /** Lets all columns in. */
  public static final ColumnAdmission OF_ALL =
      new ColumnAdmission(NewColumns.EXPORT, table -> Optional.empty());

  private final NewColumns policy;
  private final Function<TableName, Optional<Schema>> raw;
  private final Map<TableName, Known> known = new ConcurrentHashMap<>();

  /**
   * @param raw the raw table of a source table; empty where there is none yet
   */
  public ColumnAdmission(NewColumns policy, Function<TableName, Optional<Schema>> raw) {
    this.policy = policy;
    this.raw = raw;
  }

  /**
   * The table with those columns excluded that may not be exported.
   *
   * @throws ExportException {@code NEW_COLUMNS} where somebody has to decide on some of them
   */
  public SourceTable decide(SourceTable table) {
    if (policy == NewColumns.EXPORT) {
      return table;
    }
    List<ColumnProtection> decided =
        known(table).protections(table.columns().stream().map(SourceColumn::name).toList());
    List<String> undecided = new ArrayList<>();
    List<String> keys = new ArrayList<>();
    List<SourceColumn> columns = new ArrayList<>();
    for (int i = 0; i < decided.size(); i++) {
      SourceColumn column = table.columns().get(i);
      boolean isOpen = column.protection().isNone() && !isAdmitted(decided.get(i));
      if (isOpen && column.isKey()) {
        keys.add(column.name());
      } else if (isOpen && decided.get(i) == null && policy == NewColumns.REFUSE) {
        undecided.add(column.name());
      }
      columns.add(isOpen ? column.protectedBy(ColumnProtection.EXCLUDED_AS_NEW) : column);
    }
    if (!keys.isEmpty()) {
      throw refuse(table, keys, "its key, which cannot be left out");
    }
    if (!undecided.isEmpty()) {
      throw refuse(table, undecided, "columns");
    }
    return new SourceTable(
        table.schema(), table.name(), columns, table.wholeOldRows(), table.deferrableKey());
  }

  /** How to protect a column in changes from before it was dropped or renamed. */
  public ColumnProtection ofFormer(SourceTable table, String column) {
    return policy == NewColumns.EXPORT
            || isAdmitted(known(table).protections(List.of(column)).get(0))
        ? ColumnProtection.NONE
        : ColumnProtection.EXCLUDED_AS_NEW;
  }

  private static boolean isAdmitted(ColumnProtection before) {
    return before != null && before.isNone();
  }

  private Known known(SourceTable table) {
    return known.computeIfAbsent(
        new TableName(table.schema(), table.name()),
        name -> Known.of(raw.apply(name).orElseGet(() -> RawTable.of(table).schema()).getFields()));
  }

  private ExportException refuse(SourceTable table, List<String> columns, String what) {
    TableName name = new TableName(table.schema(), table.name());
    return new ExportException(
        Failure.NEW_COLUMNS,
        "Table "
            + name
            + " has got "
            + what
            + " that nobody has decided on: "
            + String.join(", ", columns)
            + " (new, or renamed). The configuration has new-columns = "
            + policy.text()
            + ", so nothing was written.",
        "Name them in --exclude-columns or --hash-columns, or run export-bigquery once with"
            + " --new-columns export: then they are exported, and known. WAL is kept until then.");
  }

  /**
   * @param owners by folded name of a field, the column whose values it holds
   */
  private record Known(Map<String, Field> fields, Map<String, String> owners) {
    static Known of(FieldList list) {
      Known known = new Known(new HashMap<>(), new HashMap<>());
      for (Field field : list) {
        String name = ColumnNames.fold(field.getName());
        known.fields.put(name, field);
        ColumnDefinition.column(field.getDescription())
            .ifPresent(column -> known.owners.put(name, column));
      }
      return known;
    }

    /** For each column {@code NONE} or {@code EXCLUDED_AS_NEW}; null where it is not known. */
    List<ColumnProtection> protections(List<String> columns) {
      List<String> names = ColumnNames.of(columns, owners);
      List<ColumnProtection> protections = new ArrayList<>();
      for (int i = 0; i < columns.size(); i++) {
        String name = ColumnNames.fold(names.get(i));
        Field field = fields.get(name);
        protections.add(
            field == null || !owners.getOrDefault(name, columns.get(i)).equals(columns.get(i))
                ? null
                : ColumnProtection.wasExcludedAsNew(field.getDescription())
                    ? ColumnProtection.EXCLUDED_AS_NEW
                    : ColumnProtection.NONE);
      }
      return protections;
    }
  }
}
