package io.gkp.connector.mapping.row;

import io.gkp.connector.mapping.value.JsonLine;
import io.gkp.raw.CdcColumn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** Writes a row's {@code _cdc_*} fields other than its remarks. */
final class RowMetaWriter {
  /** Beyond it, a JSON number may lose digits; BigQuery asks for a string. */
  private static final long SAFE_NUMBER = 1L << 53;

  private static final byte[] OP = JsonLine.quoted(CdcColumn.OP.columnName());
  private static final byte[] EPOCH = JsonLine.quoted(CdcColumn.EPOCH.columnName());
  private static final byte[] BATCH = JsonLine.quoted(CdcColumn.BATCH.columnName());
  private static final byte[] ROW = JsonLine.quoted(CdcColumn.ROW.columnName());
  private static final byte[] LSN = JsonLine.quoted(CdcColumn.LSN.columnName());
  private static final byte[] TX_ID = JsonLine.quoted(CdcColumn.TX_ID.columnName());
  private static final byte[] COMMITTED_AT = JsonLine.quoted(CdcColumn.COMMITTED_AT.columnName());
  private static final byte[] INGESTED_AT = JsonLine.quoted(CdcColumn.INGESTED_AT.columnName());
  private static final byte[] RUN_ID = JsonLine.quoted(CdcColumn.RUN_ID.columnName());

  // The rows of a batch, and of a transaction, share these.
  private @Nullable Instant lastCommitted;
  private String lastCommittedText = "";
  private @Nullable Instant lastIngested;
  private String lastIngestedText = "";

  void write(JsonLine line, ChangeOp op, RowMeta meta) {
    line.name(OP);
    line.string(op.code());
    integer(line, EPOCH, meta.epoch());
    integer(line, BATCH, meta.batch());
    integer(line, ROW, meta.row());
    if (meta.lsn() != null) {
      integer(line, LSN, meta.lsn());
    }
    if (meta.txId() != null) {
      integer(line, TX_ID, meta.txId());
    }
    if (meta.committedAt() != null) {
      line.name(COMMITTED_AT);
      line.string(committed(meta.committedAt()));
    }
    line.name(INGESTED_AT);
    line.string(ingested(meta.ingestedAt()));
    line.name(RUN_ID);
    line.string(meta.runId());
  }

  private static void integer(JsonLine line, byte[] field, long value) {
    line.name(field);
    if (value > -SAFE_NUMBER && value < SAFE_NUMBER) {
      line.number(value);
    } else {
      line.string(Long.toString(value));
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
