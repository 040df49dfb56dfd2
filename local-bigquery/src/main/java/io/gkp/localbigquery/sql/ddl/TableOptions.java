package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.EncryptionConfiguration;
import com.google.api.services.bigquery.model.MaterializedViewDefinition;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.zetasql.AnyResolvedExprProto;
import com.google.zetasql.ResolvedOptionProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import java.util.List;

/** What OPTIONS of tables, views, columns and datasets set. */
public final class TableOptions {
  private static final List<String> REFRESH =
      List.of("enable_refresh", "refresh_interval_minutes", "allow_non_incremental_definition");
  private static final List<String> NOT_KEPT =
      List.of("enable_change_history", "enable_fine_grained_mutations", "tags", "privacy_policy");

  private final ZetaSql zetaSql;

  public TableOptions(ZetaSql zetaSql) {
    this.zetaSql = zetaSql;
  }

  /** What DEFAULT COLLATE says, which is a literal. */
  static String collation(AnyResolvedExprProto name) {
    return name.getResolvedLiteralNode().getValue().getValue().getStringValue();
  }

  void apply(String sql, List<ResolvedOptionProto> list, Table table) {
    Options options =
        Options.of(
            zetaSql,
            sql,
            list,
            "description",
            "friendly_name",
            "labels",
            "expiration_timestamp",
            "partition_expiration_days",
            "require_partition_filter",
            "kms_key_name",
            "max_staleness",
            "default_rounding_mode",
            "enable_change_history",
            "enable_fine_grained_mutations",
            "tags",
            "privacy_policy",
            "enable_refresh",
            "refresh_interval_minutes",
            "allow_non_incremental_definition");
    options.text("description", table::setDescription);
    options.text("friendly_name", table::setFriendlyName);
    options.labels("labels", table::setLabels);
    options.millis("expiration_timestamp", table::setExpirationTime);
    options.text("kms_key_name", key -> table.setEncryptionConfiguration(encryption(key)));
    options.text("max_staleness", table::setMaxStaleness);
    options.text("default_rounding_mode", table::setDefaultRoundingMode);
    for (String unknown : NOT_KEPT) {
      if (options.has(unknown)) {
        throw ApiException.notImplemented("the option " + unknown);
      }
    }
    refresh(options, table);
    if (options.has("require_partition_filter")) {
      requirePartitioned(table, "require_partition_filter");
      options.bool("require_partition_filter", table::setRequirePartitionFilter);
    }
    if (options.has("partition_expiration_days")) {
      requirePartitioned(table, "partition_expiration_days");
      if (table.getTimePartitioning() != null) {
        options.daysAsMillis(
            "partition_expiration_days", table.getTimePartitioning()::setExpirationMs);
      }
    }
  }

  private static EncryptionConfiguration encryption(String key) {
    return key == null ? null : new EncryptionConfiguration().setKmsKeyName(key);
  }

  /** When a materialized view is refreshed is kept: its rows are always those of its query. */
  private static void refresh(Options options, Table table) {
    MaterializedViewDefinition view = table.getMaterializedView();
    for (String name : REFRESH) {
      if (options.has(name) && view == null) {
        throw ApiException.invalidQuery(
            "The option " + name + " can only be set on a materialized view");
      }
    }
    if (view != null) {
      options.bool("enable_refresh", view::setEnableRefresh);
      options.minutesAsMillis("refresh_interval_minutes", view::setRefreshIntervalMs);
      options.bool("allow_non_incremental_definition", view::setAllowNonIncrementalDefinition);
    }
  }

  private static void requirePartitioned(Table table, String option) {
    if (table.getTimePartitioning() == null && table.getRangePartitioning() == null) {
      throw ApiException.invalidQuery(
          "The option " + option + " can only be set on a partitioned table");
    }
  }

  void apply(String sql, List<ResolvedOptionProto> list, TableFieldSchema field) {
    Options options = Options.of(zetaSql, sql, list, "description", "rounding_mode");
    options.text("description", field::setDescription);
    options.text("rounding_mode", field::setRoundingMode);
  }

  void apply(String sql, List<ResolvedOptionProto> list, Dataset dataset) {
    Options options =
        Options.of(
            zetaSql,
            sql,
            list,
            "description",
            "friendly_name",
            "labels",
            "location",
            "default_table_expiration_days",
            "default_partition_expiration_days",
            "is_case_insensitive",
            "default_kms_key_name",
            "default_rounding_mode",
            "max_time_travel_hours",
            "storage_billing_model");
    options.text("description", dataset::setDescription);
    options.text("friendly_name", dataset::setFriendlyName);
    options.labels("labels", dataset::setLabels);
    options.text("location", dataset::setLocation);
    options.daysAsMillis("default_table_expiration_days", dataset::setDefaultTableExpirationMs);
    options.daysAsMillis(
        "default_partition_expiration_days", dataset::setDefaultPartitionExpirationMs);
    options.bool("is_case_insensitive", dataset::setIsCaseInsensitive);
    options.text(
        "default_kms_key_name", key -> dataset.setDefaultEncryptionConfiguration(encryption(key)));
    options.text("default_rounding_mode", dataset::setDefaultRoundingMode);
    options.number("max_time_travel_hours", dataset::setMaxTimeTravelHours);
    options.text("storage_billing_model", dataset::setStorageBillingModel);
  }
}
