package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.EncryptionConfiguration;
import com.google.api.services.bigquery.model.MaterializedViewDefinition;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TimePartitioning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The options of a table as OPTIONS takes them.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/information-schema-table-options">TABLE_OPTIONS</a>
 */
final class TableOptionValues {
  private static final long MILLIS_A_MINUTE = 60_000;

  private TableOptionValues() {}

  /** Those that are set. */
  static List<OptionValue> of(Table table) {
    List<OptionValue> options = new ArrayList<>();
    OptionValue.text("description", table.getDescription()).ifPresent(options::add);
    OptionValue.text("friendly_name", table.getFriendlyName()).ifPresent(options::add);
    if (table.getExpirationTime() != null) {
      String end = Instant.ofEpochMilli(table.getExpirationTime()).toString();
      OptionValue.of("expiration_timestamp", "TIMESTAMP", "TIMESTAMP " + OptionValue.quoted(end))
          .ifPresent(options::add);
    }
    OptionValue.text(
            "kms_key_name",
            Optional.ofNullable(table.getEncryptionConfiguration())
                .map(EncryptionConfiguration::getKmsKeyName)
                .orElse(null))
        .ifPresent(options::add);
    Optional.ofNullable(table.getTimePartitioning())
        .map(TimePartitioning::getExpirationMs)
        .flatMap(millis -> OptionValue.days("partition_expiration_days", millis))
        .ifPresent(options::add);
    if (Boolean.TRUE.equals(table.getRequirePartitionFilter())) {
      OptionValue.flag("require_partition_filter", true).ifPresent(options::add);
    }
    if (table.getMaxStaleness() != null) {
      String staleness = "INTERVAL " + OptionValue.quoted(table.getMaxStaleness());
      OptionValue.of("max_staleness", "INTERVAL", staleness + " YEAR TO SECOND")
          .ifPresent(options::add);
    }
    OptionValue.text("default_rounding_mode", table.getDefaultRoundingMode())
        .ifPresent(options::add);
    MaterializedViewDefinition materialized = table.getMaterializedView();
    if (materialized != null) {
      OptionValue.flag("enable_refresh", materialized.getEnableRefresh()).ifPresent(options::add);
      Optional.ofNullable(materialized.getRefreshIntervalMs())
          .flatMap(
              millis ->
                  OptionValue.of(
                      "refresh_interval_minutes", "FLOAT64", millis / (double) MILLIS_A_MINUTE))
          .ifPresent(options::add);
      OptionValue.flag(
              "allow_non_incremental_definition", materialized.getAllowNonIncrementalDefinition())
          .ifPresent(options::add);
    }
    OptionValue.labels(table.getLabels()).ifPresent(options::add);
    return options;
  }
}
