package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Dataset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * SCHEMATA and SCHEMATA_OPTIONS: the datasets of a project, and what their OPTIONS set.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/information-schema-datasets-schemata">SCHEMATA</a>
 */
final class SchemataViews {
  static final String SCHEMATA =
      "catalog_name STRING, schema_name STRING, schema_owner STRING, creation_time TIMESTAMP,"
          + " last_modified_time TIMESTAMP, location STRING, ddl STRING,"
          + " default_collation_name STRING, sync_status JSON";
  static final String OPTIONS =
      "catalog_name STRING, schema_name STRING, option_name STRING, option_type STRING,"
          + " option_value STRING";

  private SchemataViews() {}

  static Object[] schema(Dataset dataset) {
    return new Object[] {
      dataset.getDatasetReference().getProjectId(),
      dataset.getDatasetReference().getDatasetId(),
      null,
      Instant.ofEpochMilli(dataset.getCreationTime()),
      Instant.ofEpochMilli(dataset.getLastModifiedTime()),
      dataset.getLocation(),
      ddl(dataset),
      InformationSchema.text(dataset.getDefaultCollation()),
      null
    };
  }

  static List<Object[]> options(Dataset dataset) {
    return values(dataset).stream()
        .map(
            option ->
                new Object[] {
                  dataset.getDatasetReference().getProjectId(),
                  dataset.getDatasetReference().getDatasetId(),
                  option.name(),
                  option.type(),
                  option.value()
                })
        .toList();
  }

  private static List<OptionValue> values(Dataset dataset) {
    List<OptionValue> options = new ArrayList<>();
    OptionValue.text("description", dataset.getDescription()).ifPresent(options::add);
    OptionValue.text("friendly_name", dataset.getFriendlyName()).ifPresent(options::add);
    OptionValue.days("default_table_expiration_days", dataset.getDefaultTableExpirationMs())
        .ifPresent(options::add);
    OptionValue.days("default_partition_expiration_days", dataset.getDefaultPartitionExpirationMs())
        .ifPresent(options::add);
    OptionValue.text("default_rounding_mode", dataset.getDefaultRoundingMode())
        .ifPresent(options::add);
    OptionValue.flag("is_case_insensitive", dataset.getIsCaseInsensitive()).ifPresent(options::add);
    OptionValue.number("max_time_travel_hours", dataset.getMaxTimeTravelHours())
        .ifPresent(options::add);
    OptionValue.text("storage_billing_model", dataset.getStorageBillingModel())
        .ifPresent(options::add);
    OptionValue.labels(dataset.getLabels()).ifPresent(options::add);
    return options;
  }

  private static String ddl(Dataset dataset) {
    String collation = dataset.getDefaultCollation();
    return "CREATE SCHEMA `"
        + dataset.getDatasetReference().getProjectId()
        + "."
        + dataset.getDatasetReference().getDatasetId()
        + "`\n"
        + (collation == null || collation.isEmpty() ? "" : "DEFAULT COLLATE '" + collation + "'\n")
        + Stream.concat(
                values(dataset).stream(),
                OptionValue.text(
                    "location", dataset.getLocation().toLowerCase(java.util.Locale.ROOT))
                    .stream())
            .map(OptionValue::clause)
            .collect(Collectors.joining(",\n", "OPTIONS(\n", "\n);"));
  }
}
