package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.Dataset;
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
            "default_rounding_mode",
            "enable_refresh",
            "refresh_interval_minutes");
    options.text("default_rounding_mode", table::setDefaultRoundingMode);
    MaterializedViewDefinition materialized = table.getMaterializedView();
    if (materialized != null) {
      options.bool("enable_refresh", materialized::setEnableRefresh);
      options.minutesAsMillis("refresh_interval_minutes", materialized::setRefreshIntervalMs);
    } else if (options.has("enable_refresh") || options.has("refresh_interval_minutes")) {
      throw ApiException.invalidQuery("Only materialized views are refreshed");
    }
    options.text("description", table::setDescription);
    options.text("friendly_name", table::setFriendlyName);
    options.labels("labels", table::setLabels);
    options.millis("expiration_timestamp", table::setExpirationTime);
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
            "is_case_insensitive");
    options.text("description", dataset::setDescription);
    options.text("friendly_name", dataset::setFriendlyName);
    options.labels("labels", dataset::setLabels);
    options.text("location", dataset::setLocation);
    options.daysAsMillis("default_table_expiration_days", dataset::setDefaultTableExpirationMs);
    options.daysAsMillis(
        "default_partition_expiration_days", dataset::setDefaultPartitionExpirationMs);
    options.bool("is_case_insensitive", dataset::setIsCaseInsensitive);
  }
}
