package io.gkp.connector.mapping;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Writes a row's {@code _cdc_*} fields other than its remarks. */
final class RowMetaWriter {
  /** Beyond it, a JSON number may lose digits; BigQuery asks for a string. */
  private static final long SAFE_NUMBER = 1L << 53;

  // The rows of a batch, and of a transaction, share these.
  private Instant lastCommitted;
  private String lastCommittedText;
  private Instant lastIngested;
  private String lastIngestedText;

  void write(JsonGenerator json, ChangeOp op, RowMeta meta) throws IOException {
    json.writeStringField(CdcColumns.OP, op.code());
    integer(json, CdcColumns.EPOCH, meta.epoch());
    integer(json, CdcColumns.BATCH, meta.batch());
    integer(json, CdcColumns.ROW, meta.row());
    if (meta.lsn() != null) {
      integer(json, CdcColumns.LSN, meta.lsn());
    }
    if (meta.txId() != null) {
      integer(json, CdcColumns.TX_ID, meta.txId());
    }
    if (meta.committedAt() != null) {
      json.writeStringField(CdcColumns.COMMITTED_AT, committed(meta.committedAt()));
    }
    json.writeStringField(CdcColumns.INGESTED_AT, ingested(meta.ingestedAt()));
    json.writeStringField(CdcColumns.RUN_ID, meta.runId());
  }

  private static void integer(JsonGenerator json, String field, long value) throws IOException {
    if (value > -SAFE_NUMBER && value < SAFE_NUMBER) {
      json.writeNumberField(field, value);
    } else {
      json.writeStringField(field, Long.toString(value));
    }
  }

  private String committed(Instant instant) {
    if (!instant.equals(lastCommitted)) {
      lastCommitted = instant;
      lastCommittedText = text(instant);
    }
    return lastCommittedText;
  }

  private String ingested(Instant instant) {
    if (!instant.equals(lastIngested)) {
      lastIngested = instant;
      lastIngestedText = text(instant);
    }
    return lastIngestedText;
  }

  private static String text(Instant instant) {
    return instant.truncatedTo(ChronoUnit.MICROS).toString();
  }
}
