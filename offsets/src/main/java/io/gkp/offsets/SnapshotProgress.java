package io.gkp.offsets;

import io.gkp.offsets.SnapshotChunk.Reading;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How far a snapshot is that is read in chunks.
 *
 * @param chunks how many there are
 * @param read how many of them are read
 * @param rows their rows
 * @param took for how long somebody was reading; what several tasks read at a time counts once
 * @param newest the last one; null while there is none
 */
public record SnapshotProgress(
    int chunks, int read, long rows, Duration took, @Nullable Reading newest) {
  public static SnapshotProgress of(List<SnapshotChunk> chunks) {
    List<Reading> readings =
        chunks.stream()
            .map(SnapshotChunk::reading)
            .filter(Objects::nonNull)
            .sorted(Comparator.comparing(Reading::began))
            .toList();
    return new SnapshotProgress(
        chunks.size(),
        readings.size(),
        readings.stream().mapToLong(Reading::rows).sum(),
        together(readings),
        readings.stream().max(Comparator.comparing(Reading::at)).orElse(null));
  }

  /**
   * @param readings in the order of their beginnings
   */
  private static Duration together(List<Reading> readings) {
    Duration together = Duration.ZERO;
    Instant counted = Instant.MIN;
    for (Reading reading : readings) {
      if (reading.at().isAfter(counted)) {
        Instant from = reading.began().isAfter(counted) ? reading.began() : counted;
        together = together.plus(Duration.between(from, reading.at()));
        counted = reading.at();
      }
    }
    return together;
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
    return read == 0 ? null : took.multipliedBy(chunks - read).dividedBy(read);
  }

  /** Such as {@code chunk 3 of 12, 4096 rows}. */
  public String sentence() {
    return "chunk %d of %d, %d rows".formatted(read, chunks, rows);
  }
}
