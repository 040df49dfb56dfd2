package io.gkp.connector.changelog;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.Change.Row;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.name.Lsn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One table's changes in one batch, cut into parts.
 *
 * <p>A part is closed only when a change comes that does not fit into it any more, so that the last
 * part of every table is known to be the last one and carries the batch's end. The rows of one
 * change are never cut apart, and each change has room for {@link Change#MAX_ROWS} numbers in
 * {@code _cdc_row}: so the numbers of a part's rows depend on nothing but the number of changes
 * before it, and a part that is made again can neither meet nor overtake the numbers of another.
 */
final class TableParts {
  private final ChangelogTable table;
  private final long epoch;
  private final BatchHeader header;
  private final EarlierParts earlier;
  private final OpenParts open;

  private int partNumber = -1;
  private @Nullable PartBuffer buffer;
  private long changesInPart;
  private @Nullable Origin last;
  private long changes;
  private long rows;

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
  record Origin(long lsn, @Nullable Long transactionId, @Nullable Instant committedAt) {
    /** Tells changes of different histories apart: lower-case letters, digits and dashes. */
    String mark() {
      return lsn
          + "-"
          + (transactionId == null ? 0 : transactionId)
          + "-"
          + (committedAt == null ? 0 : ChronoUnit.MICROS.between(Instant.EPOCH, committedAt));
    }
  }

  /**
   * Adds what one change brings.
   *
   * @return JSON bytes added; 0 when the change is in the destination already
   */
  long add(SourceTable layout, List<Row> rowsOfChange, Origin origin, LoadPipeline.Loading loading)
      throws InterruptedException {
    if (partNumber < 0 || isFull()) {
      closePart(Optional.empty(), loading);
      openPart();
    }
    changesInPart++;
    last = origin;
    requireSameAsRecorded(origin);
    long number = changes++ * Change.MAX_ROWS;
    if (buffer == null) {
      return 0;
    }
    long before = buffer.jsonBytes();
    for (Row row : rowsOfChange) {
      buffer.rowWritten(
          row.operation(),
          origin.committedAt(),
          table.write(
              buffer.out(),
              layout,
              row.operation(),
              row.values(),
              header.meta(origin, epoch, number++)));
    }
    long added = buffer.jsonBytes() - before;
    open.grown(added);
    return added;
  }

  /** Hands the last part over. */
  void finish(Lsn batchEnd, LoadPipeline.Loading loading) throws InterruptedException {
    closePart(Optional.of(batchEnd), loading);
  }

  /** Whether all changes that an earlier run had accepted were seen again. */
  boolean hasPassedRecorded() {
    return changes >= earlier.changes();
  }

  /** Rows of all closed parts, those that were in already included. */
  long rows() {
    return rows;
  }

  /** A part that was accepted before ends with the change that it ended with then. */
  private void requireSameAsRecorded(Origin origin) {
    RecordedPart known = earlier.part(partNumber);
    if (known != null
        && changesInPart == known.cut().changes()
        && !origin.mark().equals(known.cut().lastChange())) {
      throw OtherHistory.failure(
          header.number(),
          "part " + partNumber + " of " + table.name() + " ends with another change now");
    }
  }

  private boolean isFull() {
    RecordedPart known = earlier.part(partNumber);
    if (known != null) {
      return changesInPart == known.cut().changes();
    }
    return open.isFull(requireNonNull(buffer).jsonBytes());
  }

  private void openPart() {
    partNumber++;
    changesInPart = 0;
    RecordedPart known = earlier.part(partNumber);
    if (known == null || !known.durable()) {
      buffer =
          new PartBuffer(
              header.partId(table.name(), partNumber),
              earlier.attempt(partNumber),
              header.compression());
      open.opened();
    }
  }

  private void closePart(Optional<Lsn> batchEnd, LoadPipeline.Loading loading)
      throws InterruptedException {
    if (partNumber < 0) {
      return;
    }
    // A part that was accepted before keeps the cut it was labelled with.
    RecordedPart known = earlier.part(partNumber);
    if (buffer != null) {
      Cut cut =
          known == null
              ? new Cut(changesInPart, requireNonNull(last).mark(), batchEnd, header.timeline())
              : known.cut();
      Part part = buffer.finish(table, cut, header.ingestedAt());
      open.closed(buffer.jsonBytes());
      buffer = null;
      rows += part.rows();
      loading.submit(part);
    } else if (known != null) {
      rows += known.rows();
    }
  }
}
