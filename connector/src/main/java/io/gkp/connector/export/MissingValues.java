package io.gkp.connector.export;

import com.google.cloud.bigquery.StandardSQLTypeName;
import io.gkp.connector.bigquery.BigQueryDestination;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.mapping.schema.ColumnMapping;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.source.snapshot.Condition;
import io.gkp.name.TableName;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Rows of an epoch that came by updates alone, without the values that these left out. */
final class MissingValues {
  /** Keys that are asked for at a time. */
  private static final int MOST_KEYS = 5_000;

  /** What BigQuery prints of them is what Postgres reads. */
  private static final Set<StandardSQLTypeName> TOLD =
      Set.of(StandardSQLTypeName.INT64, StandardSQLTypeName.STRING);

  private final BigQueryDestination destination;
  private final EpochTable target;
  private final List<ColumnMapping> key;

  MissingValues(BigQueryDestination destination, EpochTable target) {
    this.destination = destination;
    this.target = target;
    this.key = keyOf(target.raw().mapping());
  }

  private static List<ColumnMapping> keyOf(RawTable raw) {
    return raw.columns().stream()
        .filter(column -> column.source().isKey())
        .sorted(Comparator.comparingInt(column -> column.source().keyPosition()))
        .toList();
  }

  /** Whether single rows of a table can be asked for by the keys that the raw table holds. */
  static boolean canBeReadByKey(RawTable raw) {
    List<ColumnMapping> key = keyOf(raw);
    return !key.isEmpty()
        && key.stream()
            .allMatch(
                column ->
                    column.source().protection().isNone()
                        && TOLD.contains(column.field().getType().getStandardType()));
  }

  /**
   * A condition in Postgres' SQL for some such rows; for all rows where one cannot be asked for,
   * because BigQuery does not hold its key. Empty where there are none.
   */
  Optional<String> find() {
    List<List<@Nullable String>> keys =
        destination.keysWithoutValues(
            target.raw().name(),
            key.stream().map(ColumnMapping::fieldName).toList(),
            target.epoch().number(),
            MOST_KEYS);
    if (keys.stream().flatMap(List::stream).anyMatch(Objects::isNull)) {
      return Optional.of("TRUE");
    }
    return keys.isEmpty()
        ? Optional.empty()
        : Optional.of(
            keys.stream()
                .map(values -> tuple(values.stream().map(Condition::literal).toList()))
                .collect(
                    Collectors.joining(
                        ", ",
                        tuple(
                                key.stream()
                                    .map(column -> TableName.quote(column.source().name()))
                                    .toList())
                            + " IN (",
                        ")")));
  }

  private static String tuple(List<String> parts) {
    return parts.stream().collect(Collectors.joining(", ", "(", ")"));
  }
}
