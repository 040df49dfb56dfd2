package io.gkp.connector.changelog;

import io.gkp.connector.mapping.ChangeOp;
import io.gkp.connector.mapping.SourceTable;
import io.gkp.offsets.Lsn;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One table's rows in one batch, cut into parts.
 *
 * <p>A part is closed only when a row comes that does not fit into it any more, so that the last
 * part of every table is known to be the last one and carries the batch's end.
 */
final class TableParts {
  private final ChangelogTable table;
  private final long epoch;
  private final BatchHeader header;
  private final Map<Integer, RecordedPart> recorded;
  private final long maxPartBytes;

  private int partNumber = -1;
  private PartBuffer buffer;
  private long rowsInPart;
  private long row;

  /**
   * @param recorded parts of this table and batch that an earlier run had accepted, by number
   */
  TableParts(
      ChangelogTable table,
      long epoch,
      BatchHeader header,
      Map<Integer, RecordedPart> recorded,
      long maxPartBytes) {
    this.table = table;
    this.epoch = epoch;
    this.header = header;
    this.recorded = new TreeMap<>(recorded);
    this.maxPartBytes = maxPartBytes;
  }

  /** Values of the metadata columns that one change brings along. */
  record Origin(ChangeOp operation, long lsn, Long transactionId, Instant committedAt) {}

  /**
   * Adds a row.
   *
   * @return JSON bytes added; 0 when the row is in the destination already
   */
  long add(SourceTable layout, String[] values, Origin origin, LoadPipeline.Loading loading)
      throws InterruptedException {
    if (partNumber < 0 || isFull()) {
      closePart(Optional.empty(), loading);
      openPart();
    }
    rowsInPart++;
    long number = row++;
    if (buffer == null) {
      return 0;
    }
    long before = buffer.jsonBytes();
    buffer.rowWritten(
        origin.operation(),
        table.write(
            buffer.out(), layout, origin.operation(), values, header.meta(origin, epoch, number)));
    return buffer.jsonBytes() - before;
  }

  /** Hands the last part over. */
  void finish(Lsn batchEnd, LoadPipeline.Loading loading) throws InterruptedException {
    if (partNumber >= 0) {
      closePart(Optional.of(batchEnd), loading);
    }
  }

  /** Whether all rows that an earlier run had accepted were seen again. */
  boolean hasPassedRecorded() {
    return row >= recorded.values().stream().mapToLong(RecordedPart::rows).sum();
  }

  /** Rows so far, those that were in already included. */
  long rows() {
    return row;
  }

  private boolean isFull() {
    RecordedPart known = recorded.get(partNumber);
    if (known != null) {
      return rowsInPart == known.rows();
    }
    return buffer.jsonBytes() >= maxPartBytes;
  }

  private void openPart() {
    partNumber++;
    rowsInPart = 0;
    RecordedPart known = recorded.get(partNumber);
    buffer =
        known != null && known.durable()
            ? null
            : new PartBuffer(
                header.partId(table.name(), partNumber), known == null ? 0 : known.nextAttempt());
  }

  private void closePart(Optional<Lsn> batchEnd, LoadPipeline.Loading loading)
      throws InterruptedException {
    if (buffer != null) {
      // A part that was accepted before keeps the end it was labelled with.
      RecordedPart known = recorded.get(partNumber);
      loading.submit(
          buffer.finish(table, known == null ? batchEnd : known.batchEnd(), header.ingestedAt()));
      buffer = null;
    }
  }
}
