package io.gkp.sql.changelog;

import io.gkp.sql.model.Column;
import java.util.List;

/** The columns that raw tables have beside the source's own, as DESIGN's contract gives them. */
public final class ChangelogColumns {
  /** What their names begin with; no source column's name does. */
  public static final String PREFIX = "_cdc_";

  private static final String LOSSY_TYPE =
      "ARRAY<STRUCT<column STRING, text STRING, reason STRING>>";

  private static final Column OP =
      column(
          "_cdc_op",
          "STRING",
          "r snapshot read, c insert, u update, d delete (key only), t truncate (no key).");
  private static final Column EPOCH =
      column("_cdc_epoch", "INT64", "Snapshot generation of the table; orders first.");
  private static final Column BATCH =
      column("_cdc_batch", "INT64", "Batch that loaded the change; orders second.");
  private static final Column ROW =
      column("_cdc_row", "INT64", "Position of the change in its batch; orders third.");
  private static final Column LSN =
      column("_cdc_lsn", "INT64", "Postgres position of the change; do not order by it.");
  private static final Column TX_ID =
      column("_cdc_tx_id", "INT64", "Postgres transaction of the change.");
  private static final Column COMMITTED_AT =
      column("_cdc_committed_at", "TIMESTAMP", "When Postgres committed the change.");
  private static final Column INGESTED_AT =
      column("_cdc_ingested_at", "TIMESTAMP", "When the change's batch was cut.");
  private static final Column LOSSY =
      column(
          "_cdc_lossy", LOSSY_TYPE, "Values that BigQuery cannot hold, as text with the reason.");

  /** In raw tables. */
  public static final List<Column> RAW =
      List.of(
          OP,
          EPOCH,
          BATCH,
          ROW,
          LSN,
          TX_ID,
          COMMITTED_AT,
          INGESTED_AT,
          column("_cdc_run_id", "STRING", "The export run that loaded the change."),
          column(
              "_cdc_unavailable",
              "ARRAY<STRING>",
              "Columns that Postgres did not send (unchanged TOAST)."),
          LOSSY);

  /** In latest views and state tables, where they tell of the row's last change. */
  public static final List<Column> LATEST =
      List.of(OP, EPOCH, BATCH, ROW, LSN, TX_ID, COMMITTED_AT, INGESTED_AT, LOSSY);

  private ChangelogColumns() {}

  /** Whether a column is one of ours. */
  public static boolean is(String name) {
    return name.regionMatches(true, 0, PREFIX, 0, PREFIX.length());
  }

  private static Column column(String name, String type, String description) {
    return new Column(name, type, description);
  }
}
