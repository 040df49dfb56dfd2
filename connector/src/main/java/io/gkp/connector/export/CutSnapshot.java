package io.gkp.connector.export;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.source.CapturedTable;
import io.gkp.name.TableName;
import io.gkp.offsets.SnapshotProgress;
import java.time.Duration;

/** What a run says of a snapshot that it could not read to the end. */
final class CutSnapshot {
  private static final String NAME = "snapshot-time";

  /** Somebody rewrites the table on a schedule. */
  private static final int MANY_RESTARTS = 3;

  private CutSnapshot() {}

  /**
   * @param rows how many were read
   * @param taken in how much time
   * @param maxDuration the time limit of a whole run
   */
  static Finding finding(CapturedTable table, long rows, Duration taken, Duration maxDuration) {
    String name = table.name().display();
    String what = "The snapshot of " + name + " was stopped after " + rows + " rows";
    String anew = "It begins anew with the next run; tables that have been read go on meanwhile.";
    if (table.estimatedRows() < rows || rows == 0) {
      return Finding.warning(
          NAME,
          what + ".",
          anew + " Raise --max-duration (GKP_MAX_DURATION) if it never gets to the end.");
    }
    Duration needed =
        Duration.ofSeconds(
            1 + Math.round(taken.toMillis() / 1000.0 * table.estimatedRows() / rows));
    return Finding.warning(
        NAME,
        "%s of about %s: at this rate it needs about %s."
            .formatted(what, table.estimatedRows(), text(needed)),
        needed.compareTo(maxDuration) < 0
            ? anew
            : """
                %s It does not fit into a run: raise --max-duration (GKP_MAX_DURATION), now %s, and \
                the scheduler's own limit above that."""
                .formatted(anew, text(maxDuration)));
  }

  /**
   * What is said of a snapshot that goes on in the next run.
   *
   * @param restarts how often it has begun anew since the table was last complete
   */
  static Finding goesOn(TableName table, SnapshotProgress progress, long restarts) {
    Duration left = progress.left();
    String seen =
        "The next run goes on there. Until all chunks are read, latest_* and history_* show the table"
            + " as it was before.";
    return Finding.warning(
        NAME,
        "The snapshot of %s is under way: %s%s."
            .formatted(
                table, progress.sentence(), left == null ? "" : ", about " + text(left) + " to go"),
        restarts < MANY_RESTARTS
            ? seen
            : """
                %s It has begun anew %d times, since VACUUM FULL, CLUSTER, pg_repack or TRUNCATE writes \
                the table anew before it is through. Let that pause, or have the table read in one \
                go: raise snapshot-chunk-bytes (GKP_SNAPSHOT_CHUNK_BYTES) above its size, and \
                --max-duration."""
                .formatted(seen, restarts));
  }

  /** Such as {@code 3 h 5 min}. */
  private static String text(Duration duration) {
    if (duration.toMinutes() < 2) {
      return duration.toSeconds() + " s";
    }
    return duration.toHours() == 0
        ? duration.toMinutes() + " min"
        : duration.toHours() + " h " + duration.toMinutesPart() + " min";
  }
}
