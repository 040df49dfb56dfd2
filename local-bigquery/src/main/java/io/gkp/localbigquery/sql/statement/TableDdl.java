package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.RangePartitioning;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableConstraints;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TimePartitioning;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.storage.IngestionTime;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The statement that makes a table or view, as the column {@code ddl} has it.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/information-schema-tables">TABLES</a>
 */
final class TableDdl {
  private TableDdl() {}

  static String of(Table table) {
    String name = "`" + TableName.display(table.getTableReference()).replace(':', '.') + "`";
    List<String> clauses = new ArrayList<>();
    if (table.getView() != null) {
      boolean isMaterialized = table.getMaterializedView() != null;
      clauses.add((isMaterialized ? "CREATE MATERIALIZED VIEW " : "CREATE VIEW ") + name);
      options(table, clauses);
      clauses.add("AS " + table.getView().getQuery() + ";");
      return String.join("\n", clauses);
    }
    clauses.add(
        (table.getSnapshotDefinition() == null ? "CREATE TABLE " : "CREATE SNAPSHOT TABLE ")
            + name);
    List<TableFieldSchema> fields = new Relation.Stored(table).fields();
    if (!fields.isEmpty()) {
      List<String> lines =
          new ArrayList<>(fields.stream().map(field -> "  " + column(field)).toList());
      if (table.getTableConstraints() != null
          && table.getTableConstraints().getPrimaryKey() != null) {
        lines.add(
            "  PRIMARY KEY ("
                + String.join(", ", table.getTableConstraints().getPrimaryKey().getColumns())
                + ") NOT ENFORCED");
      }
      foreignKeys(table, lines);
      clauses.add("(\n" + String.join(",\n", lines) + "\n)");
    }
    partition(table, clauses);
    if (table.getClustering() != null) {
      clauses.add("CLUSTER BY " + String.join(", ", table.getClustering().getFields()));
    }
    options(table, clauses);
    return String.join("\n", clauses) + ";";
  }

  private static void foreignKeys(Table table, List<String> lines) {
    TableConstraints constraints = table.getTableConstraints();
    if (constraints == null || constraints.getForeignKeys() == null) {
      return;
    }
    for (TableConstraints.ForeignKeys key : constraints.getForeignKeys()) {
      TableConstraints.ForeignKeys.ReferencedTable target = key.getReferencedTable();
      lines.add(
          "  CONSTRAINT `%s` FOREIGN KEY (%s) REFERENCES `%s.%s.%s`(%s) NOT ENFORCED"
              .formatted(
                  key.getName(),
                  key.getColumnReferences().stream()
                      .map(TableConstraints.ForeignKeys.ColumnReferences::getReferencingColumn)
                      .collect(Collectors.joining(", ")),
                  target.getProjectId(),
                  target.getDatasetId(),
                  target.getTableId(),
                  key.getColumnReferences().stream()
                      .map(TableConstraints.ForeignKeys.ColumnReferences::getReferencedColumn)
                      .collect(Collectors.joining(", "))));
    }
  }

  private static void options(Table table, List<String> clauses) {
    List<OptionValue> options = TableOptionValues.of(table);
    if (!options.isEmpty()) {
      clauses.add(
          options.stream()
              .map(OptionValue::clause)
              .collect(Collectors.joining(",\n", "OPTIONS(\n", "\n)")));
    }
  }

  private static String column(TableFieldSchema field) {
    StringBuilder column = new StringBuilder(field.getName() + " " + SqlTypes.declared(field));
    if (field.getDefaultValueExpression() != null) {
      column.append(" DEFAULT ").append(field.getDefaultValueExpression());
    }
    if ("REQUIRED".equals(field.getMode())) {
      column.append(" NOT NULL");
    }
    if (field.getDescription() != null) {
      column
          .append(" OPTIONS(description=")
          .append(OptionValue.quoted(field.getDescription()))
          .append(")");
    }
    return column.toString();
  }

  private static void partition(Table table, List<String> clauses) {
    RangePartitioning range = table.getRangePartitioning();
    TimePartitioning time = table.getTimePartitioning();
    if (range != null) {
      clauses.add(
          "PARTITION BY RANGE_BUCKET(%s, GENERATE_ARRAY(%s, %s, %s))"
              .formatted(
                  range.getField(),
                  range.getRange().getStart(),
                  range.getRange().getEnd(),
                  range.getRange().getInterval()));
    } else if (time != null) {
      clauses.add("PARTITION BY " + partition(table, time));
    }
  }

  private static String partition(Table table, TimePartitioning time) {
    String unit = time.getType() == null ? "DAY" : time.getType();
    if (IngestionTime.partitions(table)) {
      return unit.equals("DAY")
          ? "_PARTITIONDATE"
          : "TIMESTAMP_TRUNC(_PARTITIONTIME, " + unit + ")";
    }
    List<TableFieldSchema> fields = new Relation.Stored(table).fields();
    String type = fields.get(Relation.position(fields, time.getField())).getType();
    if (unit.equals("DAY")) {
      return type.equals("DATE") ? time.getField() : "DATE(" + time.getField() + ")";
    }
    return type + "_TRUNC(" + time.getField() + ", " + unit + ")";
  }
}
