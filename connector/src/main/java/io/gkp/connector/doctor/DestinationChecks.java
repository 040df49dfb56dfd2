package io.gkp.connector.doctor;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import io.gkp.connector.bigquery.BigQueryErrors;
import io.gkp.connector.bigquery.ProtectionChanges;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.config.DestinationConfig;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.config.TableName;
import io.gkp.connector.mapping.RawTable;
import io.gkp.connector.mapping.SourceTable;
import io.gkp.connector.mapping.TableNames;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.failure.Failure;
import java.util.ArrayList;
import java.util.List;

/** Checks of the BigQuery side. */
final class DestinationChecks {
  /** What loading into, reading and widening a table takes. */
  private static final List<String> TABLE_PERMISSIONS =
      List.of(
          "bigquery.tables.get",
          "bigquery.tables.getData",
          "bigquery.tables.update",
          "bigquery.tables.updateData");

  private final BigQuery bigquery;
  private final DestinationConfig config;
  private final BigQueryErrors errors;
  private Dataset dataset;

  DestinationChecks(BigQuery bigquery, DestinationConfig config) {
    this.bigquery = bigquery;
    this.config = config;
    this.errors = new BigQueryErrors(config);
  }

  /** A dry run costs nothing and needs the permission all the same. */
  Finding jobsCreate() {
    String name = "jobs-create";
    try {
      bigquery.create(
          JobInfo.of(
              QueryJobConfiguration.newBuilder("SELECT 1")
                  .setUseLegacySql(false)
                  .setDryRun(true)
                  .build()));
      return Finding.ok(name, "Jobs may be created in project " + config.project() + ".");
    } catch (BigQueryException e) {
      Finding finding = Finding.of(name, errors.toFailure("a dry run", e));
      return finding.failure() == Failure.DESTINATION_PERMISSION
          ? finding.withCommand(
              "gcloud projects add-iam-policy-binding "
                  + config.project()
                  + " --member=serviceAccount:SERVICE_ACCOUNT --role=roles/bigquery.jobUser")
          : finding;
    }
  }

  Finding dataset() {
    String name = "dataset";
    try {
      dataset = bigquery.getDataset(DatasetId.of(config.project(), config.dataset()));
    } catch (BigQueryException e) {
      return Finding.of(name, errors.toFailure("reading the dataset", e));
    }
    if (dataset == null) {
      return Finding.ok(
              name,
              "Dataset "
                  + config.describe()
                  + " does not exist; the first run creates it where that is permitted.")
          .withCommand("bq mk --dataset " + config.project() + ":" + config.dataset());
    }
    if (config.location() != null && !config.location().equalsIgnoreCase(dataset.getLocation())) {
      return Finding.error(
          name,
          Failure.DATASET_LOCATION,
          "Dataset " + config.describe() + " is in " + dataset.getLocation() + ".",
          "Jobs run where the dataset is. Correct --location, or choose another --dataset.");
    }
    return Finding.ok(
        name, "Dataset " + config.describe() + " is in " + dataset.getLocation() + ".");
  }

  boolean datasetExists() {
    return dataset != null;
  }

  /** Asks for the ledger and the raw tables that exist. */
  Finding permissions(List<TableName> tables) {
    String name = "table-permissions";
    List<String> ids = new ArrayList<>();
    ids.add("checkpoints");
    tables.forEach(table -> ids.add(TableNames.raw(table.schema(), table.table())));
    List<String> lacking = new ArrayList<>();
    int asked = 0;
    try {
      for (String id : ids) {
        TableId table = TableId.of(config.project(), config.dataset(), id);
        if (bigquery.getTable(table) == null) {
          continue;
        }
        asked++;
        List<String> granted = bigquery.testIamPermissions(table, TABLE_PERMISSIONS);
        TABLE_PERMISSIONS.stream()
            .filter(permission -> !granted.contains(permission))
            .forEach(permission -> lacking.add(permission + " on " + id));
      }
    } catch (BigQueryException e) {
      return Finding.of(name, errors.toFailure("testing permissions", e));
    }
    if (lacking.isEmpty()) {
      return Finding.ok(name, "All permissions are there on " + asked + " tables.");
    }
    return Finding.error(
            name,
            Failure.DESTINATION_PERMISSION,
            "Missing: " + String.join(", ", lacking) + ".",
            "Loads need them.")
        .withCommand(
            "bq add-iam-policy-binding --member=serviceAccount:SERVICE_ACCOUNT"
                + " --role=roles/bigquery.dataEditor "
                + config.project()
                + ":"
                + config.dataset());
  }

  /** What the next run will change about the raw tables; none of it fails a run. */
  Finding rawSchemas(SourceConfig source) {
    String name = "raw-schemas";
    Catalogue catalogue = new Catalogue(new SourceDatabase(source));
    List<String> moved = new ArrayList<>();
    int coming = 0;
    try {
      for (TableName table : source.tables()) {
        SourceTable layout = catalogue.table(table);
        Table raw =
            bigquery.getTable(
                TableId.of(
                    config.project(),
                    config.dataset(),
                    TableNames.raw(table.schema(), table.table())));
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
      return Finding.of(name, errors.toFailure("reading the raw tables", e));
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
