package io.gkp.connector.changelog;

import io.gkp.connector.mapping.ChangeOp;
import io.gkp.connector.mapping.SourceTable;
import io.gkp.offsets.Lsn;
import java.time.Instant;
import java.util.Optional;

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
  private final EarlierParts earlier;
  private final OpenParts open;

  private int partNumber = -1;
  private PartBuffer buffer;
  private long rowsInPart;
  private long row;

  /**
   * @param earlier parts of this table and batch that an earlier run had accepted
   * @param open the parts of all tables of the batch
   */
  TableParts(
      ChangelogTable table, long epoch, BatchHeader header, EarlierParts earlier, OpenParts open) {
    this.table = table;
    this.epoch = epoch;
    this.header = header;
    this.earlier = earlier;
    this.open = open;
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
        origin.committedAt(),
        table.write(
            buffer.out(), layout, origin.operation(), values, header.meta(origin, epoch, number)));
    long added = buffer.jsonBytes() - before;
    open.grown(added);
    return added;
  }

  /** Hands the last part over. */
  void finish(Lsn batchEnd, LoadPipeline.Loading loading) throws InterruptedException {
    if (partNumber >= 0) {
      closePart(Optional.of(batchEnd), loading);
    }
  }

  /** Whether all rows that an earlier run had accepted were seen again. */
  boolean hasPassedRecorded() {
    return row >= earlier.rows();
  }

  /** Rows so far, those that were in already included. */
  long rows() {
    return row;
  }

  private boolean isFull() {
    RecordedPart known = earlier.part(partNumber);
    if (known != null) {
      return rowsInPart == known.rows();
    }
    return open.isFull(buffer.jsonBytes());
  }

  private void openPart() {
    partNumber++;
    rowsInPart = 0;
    RecordedPart known = earlier.part(partNumber);
    if (known == null || !known.durable()) {
      buffer = new PartBuffer(header.partId(table.name(), partNumber), earlier.attempt(partNumber));
      open.opened();
    }
  }

  private void closePart(Optional<Lsn> batchEnd, LoadPipeline.Loading loading)
      throws InterruptedException {
    if (buffer != null) {
      // A part that was accepted before keeps the end it was labelled with.
      RecordedPart known = earlier.part(partNumber);
      Part part =
          buffer.finish(table, known == null ? batchEnd : known.batchEnd(), header.ingestedAt());
      open.closed(buffer.jsonBytes());
      buffer = null;
      loading.submit(part);
    }
  }
}
