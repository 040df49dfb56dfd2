package io.gkp.connector.checks.destination;

import static java.util.Objects.requireNonNull;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.DestinationFailures;
import io.gkp.bigquery.Failures;
import io.gkp.bigquery.Inheritance;
import io.gkp.connector.bigquery.ProtectionChanges;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.offsets.ControlTable;
import io.gkp.raw.RawNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks of the dataset and its tables. */
public final class DestinationChecks {
  /** What loading into, reading and widening a table takes. */
  private static final List<String> TABLE_PERMISSIONS =
      List.of(
          "bigquery.tables.get",
          "bigquery.tables.getData",
          "bigquery.tables.update",
          "bigquery.tables.updateData");

  private final BigQuery bigquery;
  private final DestinationConfig config;
  private final Failures failures;
  private @Nullable Dataset dataset;

  public DestinationChecks(BigQuery bigquery, DestinationConfig config) {
    this.bigquery = bigquery;
    this.config = config;
    this.failures = new DestinationFailures(config);
  }

  public Finding dataset() {
    String name = "dataset";
    try {
      dataset = bigquery.getDataset(DatasetId.of(config.project(), config.dataset()));
    } catch (BigQueryException e) {
      return Finding.of(name, failures.of("reading the dataset", e));
    }
    if (dataset == null) {
      return Finding.ok(
              name,
              "Dataset "
                  + config.describe()
                  + " does not exist; the first run creates it where that is permitted.")
          .withCommand("bq mk --dataset " + config.project() + ":" + config.dataset());
    }
    return Finding.ok(name, "Dataset " + config.describe() + " exists.");
  }

  public Finding location() {
    String name = "dataset-location";
    if (config.location() != null
        && !config.location().equalsIgnoreCase(existing().getLocation())) {
      return Finding.error(
          name,
          Failure.DATASET_LOCATION,
          "Dataset " + config.describe() + " is in " + existing().getLocation() + ".",
          "Jobs run where the dataset is, and it cannot be moved. Correct --location, or choose"
              + " another --dataset.");
    }
    return Finding.ok(
        name, "Dataset " + config.dataset() + " is in " + existing().getLocation() + ".");
  }

  private Dataset existing() {
    return requireNonNull(dataset);
  }

  /** A dry run of what a first run does; there is no way to ask for permissions on a dataset. */
  public Finding mayCreate() {
    String name = "tables-create";
    try {
      bigquery.create(
          ProjectChecks.dryRun(
              "CREATE TABLE `%s.%s.gkp_doctor` (n INT64)"
                  .formatted(config.project(), config.dataset())));
      return Finding.ok(name, "Tables may be created in dataset " + config.dataset() + ".");
    } catch (BigQueryException e) {
      Finding finding = Finding.of(name, failures.of("creating a table", e));
      return finding.failure() == Failure.DESTINATION_PERMISSION
          ? finding.withCommand(grant())
          : finding;
    }
  }

  private String grant() {
    return "bq query --use_legacy_sql=false 'GRANT `roles/bigquery.dataEditor` ON SCHEMA `%s.%s` TO"
            .formatted(config.project(), config.dataset())
        + " \"serviceAccount:SERVICE_ACCOUNT\"'";
  }

  /** Columns that are missing come with the next load; one of another type refuses every load. */
  public Finding controlTables() {
    String name = "control-tables";
    List<String> absent = new ArrayList<>();
    List<String> altered = new ArrayList<>();
    try {
      for (ControlTable control : ControlTable.values()) {
        Table table =
            bigquery.getTable(TableId.of(config.project(), config.dataset(), control.tableName()));
        if (table == null) {
          absent.add(control.tableName());
          continue;
        }
        Map<String, String> types =
            table.getDefinition().getSchema().getFields().stream()
                .collect(
                    Collectors.toMap(
                        Field::getName, field -> field.getType().getStandardType().name()));
        for (ControlTable.Column column : control.columns()) {
          String type = types.get(column.name());
          if (type == null) {
            absent.add(control.tableName() + "." + column.name());
          } else if (!type.equals(column.type())) {
            altered.add(control.tableName() + "." + column.name() + " is " + type);
          }
        }
      }
    } catch (BigQueryException e) {
      return Finding.of(name, failures.of("reading the control tables", e));
    }
    if (!altered.isEmpty()) {
      return Finding.error(
              name,
              Failure.LOAD_REJECTED,
              "Somebody altered a control table: " + String.join(", ", altered) + ".",
              "Every load into it is refused. Give it its type back; the deployment's"
                  + " position is kept in these tables, so delete none.")
          .withCommand(
              "bq show --schema --format=prettyjson %s:%s.checkpoints"
                  .formatted(config.project(), config.dataset()));
    }
    return Finding.ok(
        name,
        absent.isEmpty()
            ? "The control tables are there."
            : "Runs will add " + String.join(", ", absent) + " when they need them.");
  }

  /** What the export's tables have from their dataset, and may not keep. */
  public Finding inherited(List<TableName> tables) {
    String name = "inherited-settings";
    List<String> ending = new ArrayList<>();
    List<String> collated = new ArrayList<>();
    try {
      for (Table table : existing(tables)) {
        String id = table.getTableId().getTable();
        if (!Inheritance.collated(table).isEmpty()) {
          collated.add(id);
        } else if (Inheritance.undone(table).isPresent()) {
          ending.add(id);
        }
      }
    } catch (BigQueryException e) {
      return Finding.of(name, failures.of("reading the tables", e));
    }
    if (!collated.isEmpty()) {
      return Finding.error(
              name,
              Failure.DATASET_UNFIT,
              "Columns of " + String.join(", ", collated) + " have a collation.",
              "Values that differ by case are the same by it, and no statement takes it away: delete"
                  + " these tables, then reset them (control tables: all).")
          .withCommand(
              collated.stream()
                  .map(id -> "bq rm -f -t " + config.project() + ":" + config.dataset() + "." + id)
                  .toArray(String[]::new));
    }
    if (!ending.isEmpty()) {
      return Finding.warning(
          name,
          "BigQuery is to delete " + String.join(", ", ending) + ", or partitions of it, in time.",
          "They have that from their dataset. The next run takes it from them; where the project has"
              + " no billing, it refuses to run.");
    }
    return Finding.ok(
        name,
        Inheritance.ends(existing())
            ? "Dataset "
                + config.dataset()
                + " lets new tables expire; runs take that from their own."
            : "No table of the export expires.");
  }

  private List<Table> existing(List<TableName> tables) {
    List<String> ids = new ArrayList<>();
    Stream.of(ControlTable.values()).map(ControlTable::tableName).forEach(ids::add);
    tables.forEach(table -> ids.add(RawNames.raw(table.schema(), table.table())));
    return ids.stream()
        .map(id -> bigquery.getTable(TableId.of(config.project(), config.dataset(), id)))
        .filter(Objects::nonNull)
        .toList();
  }

  public boolean datasetExists() {
    return dataset != null;
  }

  /** Asks for the control tables and the raw tables that exist. */
  public Finding permissions(List<TableName> tables) {
    String name = "table-permissions";
    List<String> lacking = new ArrayList<>();
    int asked = 0;
    try {
      for (Table table : existing(tables)) {
        asked++;
        TableId id = table.getTableId();
        List<String> granted = bigquery.testIamPermissions(id, TABLE_PERMISSIONS);
        TABLE_PERMISSIONS.stream()
            .filter(permission -> !granted.contains(permission))
            .forEach(permission -> lacking.add(permission + " on " + id.getTable()));
      }
    } catch (BigQueryException e) {
      return Finding.of(name, failures.of("testing permissions", e));
    }
    if (lacking.isEmpty()) {
      return Finding.ok(name, "All permissions are there on " + asked + " tables.");
    }
    return Finding.error(
            name,
            Failure.DESTINATION_PERMISSION,
            "Missing: " + String.join(", ", lacking) + ".",
            "Loads need them.")
        .withCommand(grant());
  }

  /** What the next run will change about the raw tables; none of it fails a run. */
  public Finding rawSchemas(List<TableName> tables, Catalogue catalogue) {
    String name = "raw-schemas";
    List<String> moved = new ArrayList<>();
    int coming = 0;
    try {
      for (TableName table : tables) {
        SourceTable layout = catalogue.table(table);
        Table raw =
            bigquery.getTable(
                TableId.of(
                    config.project(),
                    config.dataset(),
                    RawNames.raw(table.schema(), table.table())));
        if (raw == null || layout.columns().isEmpty()) {
          continue;
        }
        RawTable fitted = RawTable.of(layout, raw.getDefinition().getSchema());
        if (!fitted.reprotected().isEmpty()) {
          return Finding.of(name, ProtectionChanges.refuse(fitted));
        }
        coming += fitted.changes().added().size() + fitted.changes().widened().size();
        fitted
            .changes()
            .redirected()
            .forEach(change -> moved.add(table + "." + change.column() + " to " + change.target()));
      }
    } catch (BigQueryException e) {
      return Finding.of(name, failures.of("reading the raw tables", e));
    }
    if (moved.isEmpty()) {
      return Finding.ok(
          name,
          coming == 0
              ? "The raw tables fit the source."
              : "The next run adds or widens " + coming + " columns.");
    }
    return Finding.ok(
        name, "Values of columns with a new type go to a new column: " + String.join(", ", moved));
  }
}
