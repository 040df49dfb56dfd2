package io.gkp.offsets;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How far a snapshot is that is read in chunks.
 *
 * @param chunks how many there are
 * @param read how many of them are read
 * @param rows their rows
 * @param took how long they took
 */
public record SnapshotProgress(int chunks, int read, long rows, Duration took) {
  public static SnapshotProgress of(List<SnapshotChunk> chunks) {
    List<SnapshotChunk> read = chunks.stream().filter(SnapshotChunk::isRead).toList();
    return new SnapshotProgress(
        chunks.size(),
        read.size(),
        read.stream().mapToLong(SnapshotChunk::rows).sum(),
        read.stream().map(SnapshotChunk::took).reduce(Duration.ZERO, Duration::plus));
  }

  public boolean isWhole() {
    return read == chunks;
  }

  /** Rows per second of reading; null before the first chunk. */
  public @Nullable Long rate() {
    return took.isZero() ? null : rows * 1000 / Math.max(1, took.toMillis());
  }

  /** What reading the others takes at the same rate; null before the first chunk. */
  public @Nullable Duration left() {
    return read == 0 ? null : took.dividedBy(read).multipliedBy(chunks - read);
  }
}
