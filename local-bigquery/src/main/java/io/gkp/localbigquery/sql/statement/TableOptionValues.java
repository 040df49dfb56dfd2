package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TimePartitioning;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The options of a table as OPTIONS takes them.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/information-schema-table-options">TABLE_OPTIONS</a>
 */
final class TableOptionValues {
  private static final double MILLIS_A_DAY = 86_400_000;

  private TableOptionValues() {}

  /** Name, type and value of each option that is set. */
  static List<String[]> of(Table table) {
    List<String[]> options = new ArrayList<>();
    if (table.getDescription() != null) {
      options.add(option("description", "STRING", text(table.getDescription())));
    }
    if (table.getFriendlyName() != null) {
      options.add(option("friendly_name", "STRING", text(table.getFriendlyName())));
    }
    if (table.getExpirationTime() != null) {
      options.add(
          option(
              "expiration_timestamp",
              "TIMESTAMP",
              "TIMESTAMP " + text(Instant.ofEpochMilli(table.getExpirationTime()).toString())));
    }
    Optional.ofNullable(table.getTimePartitioning())
        .map(TimePartitioning::getExpirationMs)
        .ifPresent(
            millis ->
                options.add(
                    option(
                        "partition_expiration_days",
                        "FLOAT64",
                        String.valueOf(millis / MILLIS_A_DAY))));
    if (Boolean.TRUE.equals(table.getRequirePartitionFilter())) {
      options.add(option("require_partition_filter", "BOOL", "true"));
    }
    if (table.getLabels() != null && !table.getLabels().isEmpty()) {
      options.add(option("labels", "ARRAY<STRUCT<STRING, STRING>>", labels(table.getLabels())));
    }
    return options;
  }

  private static String labels(Map<String, String> labels) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(label -> "STRUCT(" + text(label.getKey()) + ", " + text(label.getValue()) + ")")
            .collect(Collectors.joining(", ", "[", "]"));
  }

  static String text(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static String[] option(String name, String type, String value) {
    return new String[] {name, type, value};
  }
}
