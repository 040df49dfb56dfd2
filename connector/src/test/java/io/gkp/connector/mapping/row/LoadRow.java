package io.gkp.connector.mapping.row;

import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.wire.Tuple;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/** Load rows with the same metadata each time. */
public final class LoadRow {
  public static final RowMeta META =
      new RowMeta(1, 2, 3, 4L, 5L, Instant.EPOCH, Instant.EPOCH.plusSeconds(1), "run");

  private static final String META_JSON =
      "\"_cdc_epoch\":1,\"_cdc_batch\":2,\"_cdc_row\":3,\"_cdc_lsn\":4,\"_cdc_tx_id\":5,"
          + "\"_cdc_committed_at\":\"1970-01-01T00:00:00Z\","
          + "\"_cdc_ingested_at\":\"1970-01-01T00:00:01Z\",\"_cdc_run_id\":\"run\"";

  private LoadRow() {}

  public static String write(RawTable table, ChangeOp op, String... values) {
    return write(new ChangeRowWriter(table), op, values);
  }

  public static String write(RawTable table, ChangeOp op, Tuple row) {
    return write(new ChangeRowWriter(table), op, row);
  }

  public static String write(ChangeRowWriter writer, ChangeOp op, String... values) {
    return write(writer, op, Tuple.of(values));
  }

  private static String write(ChangeRowWriter writer, ChangeOp op, Tuple row) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      RowStats stats = writer.write(out, op, row, META);
      if (stats.bytes() != out.size()) {
        throw new IllegalStateException(stats + " for " + out.size() + " bytes");
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  /** The line without its constant metadata; the operation stays. */
  public static String brief(String line) {
    return line.strip().replace("," + META_JSON, "");
  }

  /** The raw JSON of the last source field. */
  public static String valueOf(String field, String line) {
    String start = "\"" + field + "\":";
    int from = line.indexOf(start) + start.length();
    return line.substring(from, line.indexOf(",\"_cdc_op\"", from));
  }
}
