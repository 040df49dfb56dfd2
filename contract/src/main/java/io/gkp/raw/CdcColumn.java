package io.gkp.raw;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The columns that every raw table has beside the source's own, in the order in which they stand
 * behind those. {@code _cdc_epoch}, {@code _cdc_batch}, {@code _cdc_row} order its rows.
 */
public enum CdcColumn {
  OP(
      "STRING",
      "r snapshot read, c insert, u update, d delete (key columns only), t truncate (no key)"),
  EPOCH("INT64", "Snapshot generation of the table; orders first"),
  BATCH("INT64", "Batch that loaded the row; orders second"),
  ROW("INT64", "Position within the batch; orders third"),
  LSN("INT64", "Postgres WAL position of the event; no order"),
  TX_ID("INT64", "Postgres transaction; NULL for snapshot reads"),
  COMMITTED_AT("TIMESTAMP", "Commit time in Postgres"),
  INGESTED_AT("TIMESTAMP", "When the batch was cut, one value per batch; daily partition column"),
  RUN_ID("STRING", "The export run that loaded the row"),
  UNAVAILABLE(
      "ARRAY<STRING>",
      "Columns that Postgres did not send (unchanged TOAST): their value is the one before"),
  LOSSY(
      "Values that BigQuery cannot hold unchanged, as text",
      List.of(
          new Part("column", "The column, NULL or empty in this row"),
          new Part("text", "The value as Postgres prints it"),
          new Part("reason", "Why BigQuery cannot hold it")));

  /** What their names begin with; no source column's name does. */
  public static final String PREFIX = "_cdc_";

  /** A text within a column of structures. */
  public record Part(String name, String description) {}

  private final String type;
  private final String description;
  private final List<Part> parts;

  CdcColumn(String type, String description) {
    this.type = type;
    this.description = description;
    this.parts = List.of();
  }

  CdcColumn(String description, List<Part> parts) {
    this.type =
        parts.stream()
            .map(part -> part.name() + " STRING")
            .collect(Collectors.joining(", ", "ARRAY<STRUCT<", ">>"));
    this.description = description;
    this.parts = parts;
  }

  public String columnName() {
    return PREFIX + name().toLowerCase(Locale.ROOT);
  }

  /** GoogleSQL type. */
  public String type() {
    return type;
  }

  public String description() {
    return description;
  }

  /** Of an array of structures; empty otherwise. */
  public List<Part> parts() {
    return parts;
  }

  /** Whether a column is one of ours, as BigQuery compares names. */
  public static boolean isOne(String name) {
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }
}
