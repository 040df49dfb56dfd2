package io.gkp.connector.mapping;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.StandardSQLTypeName;
import java.util.List;

/** The columns that every raw table has beside the source's own. */
public final class CdcColumns {
  static final String PREFIX = "_cdc_";

  public static final String OP = "_cdc_op";
  public static final String EPOCH = "_cdc_epoch";
  public static final String BATCH = "_cdc_batch";
  public static final String ROW = "_cdc_row";
  public static final String LSN = "_cdc_lsn";
  public static final String TX_ID = "_cdc_tx_id";
  public static final String COMMITTED_AT = "_cdc_committed_at";
  public static final String INGESTED_AT = "_cdc_ingested_at";
  public static final String RUN_ID = "_cdc_run_id";
  public static final String UNAVAILABLE = "_cdc_unavailable";
  public static final String LOSSY = "_cdc_lossy";

  /** All of them, in the order in which they stand behind the source's columns. */
  public static final List<Field> FIELDS =
      List.of(
          field(
              OP,
              StandardSQLTypeName.STRING,
              "r snapshot read, c insert, u update, d delete (key columns only), t truncate (no"
                  + " key)"),
          field(EPOCH, StandardSQLTypeName.INT64, "Snapshot generation of the table; orders first"),
          field(BATCH, StandardSQLTypeName.INT64, "Batch that loaded the row; orders second"),
          field(ROW, StandardSQLTypeName.INT64, "Position within the batch; orders third"),
          field(LSN, StandardSQLTypeName.INT64, "Postgres WAL position of the event; no order"),
          field(TX_ID, StandardSQLTypeName.INT64, "Postgres transaction; NULL for snapshot reads"),
          field(COMMITTED_AT, StandardSQLTypeName.TIMESTAMP, "Commit time in Postgres"),
          field(
              INGESTED_AT,
              StandardSQLTypeName.TIMESTAMP,
              "When the batch was cut, one value per batch; daily partition column"),
          field(RUN_ID, StandardSQLTypeName.STRING, "The export run that loaded the row"),
          repeated(
              UNAVAILABLE,
              StandardSQLTypeName.STRING,
              "Columns that Postgres did not send (unchanged TOAST): their value is the one before"),
          lossy());

  private CdcColumns() {}

  private static Field lossy() {
    return Field.newBuilder(
            LOSSY,
            StandardSQLTypeName.STRUCT,
            field("column", StandardSQLTypeName.STRING, "The column, NULL or empty in this row"),
            field("text", StandardSQLTypeName.STRING, "The value as Postgres prints it"),
            field("reason", StandardSQLTypeName.STRING, "Why BigQuery cannot hold it"))
        .setMode(Field.Mode.REPEATED)
        .setDescription("Values that BigQuery cannot hold unchanged, as text")
        .build();
  }

  private static Field field(String name, StandardSQLTypeName type, String description) {
    return Field.newBuilder(name, type)
        .setMode(Field.Mode.NULLABLE)
        .setDescription(description)
        .build();
  }

  private static Field repeated(String name, StandardSQLTypeName type, String description) {
    return field(name, type, description).toBuilder().setMode(Field.Mode.REPEATED).build();
  }
}
