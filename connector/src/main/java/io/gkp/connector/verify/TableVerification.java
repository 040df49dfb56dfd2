package io.gkp.connector.verify;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a verification says of one table.
 *
 * @param table as configured
 * @param rows rows of the source that were compared
 * @param missing rows that the warehouse lacks
 * @param extra rows that the source lacks; null where the way of reading cannot find them
 * @param different rows with other values
 * @param duplicates changelog rows that stand in the raw table more than once
 * @param columns how many rows differ in each column
 * @param keys the first rows that differ
 * @param sinceBatch the newest batch with a change of a row that differs; null where unknown
 * @param comparedWith {@code latest_<table>}, or the raw table where there is no such view or it is
 *     older than its columns
 * @param reason why it could not be compared; null where it was
 */
@JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
public record TableVerification(
    String table,
    Outcome outcome,
    long rows,
    long missing,
    @Nullable Long extra,
    long different,
    long duplicates,
    Map<String, Long> columns,
    List<Key> keys,
    @Nullable Long sinceBatch,
    @Nullable String comparedWith,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String reason) {

  /** How a verification ends. */
  public enum Outcome {
    @JsonProperty("equal")
    EQUAL,
    @JsonProperty("different")
    DIFFERENT,
    /** Nothing is known. */
    @JsonProperty("not_comparable")
    NOT_COMPARABLE
  }

  /**
   * A row that differs.
   *
   * @param key the key's columns and values; null where the key is protected, or bytes
   * @param kind {@code missing}, {@code extra} or {@code different}
   * @param batch the newest batch with a change of it; null where the changelog has none
   * @param row {@code _cdc_row} of the row, which names it where its key may not be told; for one
   *     that is missing, in the side table
   */
  @JsonNaming(PropertyNamingStrategies.SnakeCaseStrategy.class)
  public record Key(
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, String> key,
      String kind,
      @Nullable Long batch,
      @Nullable Long row) {}

  /** The same with other keys. */
  public TableVerification withKeys(List<Key> others) {
    return new TableVerification(
        table,
        outcome,
        rows,
        missing,
        extra,
        different,
        duplicates,
        columns,
        others,
        sinceBatch,
        comparedWith,
        reason);
  }

  /** One that could not be compared. */
  public static TableVerification notComparable(String table, @Nullable String reason) {
    return new TableVerification(
        table, Outcome.NOT_COMPARABLE, 0, 0, null, 0, 0, Map.of(), List.of(), null, null, reason);
  }
}
