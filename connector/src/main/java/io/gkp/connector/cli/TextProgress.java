package io.gkp.connector.cli;

import io.gkp.connector.config.TableName;
import io.gkp.connector.export.Progress;
import io.gkp.offsets.Checkpoint;
import java.io.PrintWriter;

/** Progress for people, a line per step, on standard error. */
final class TextProgress implements Progress {
  private static final long EVERY_NANOS = 2_000_000_000L;

  private final PrintWriter err;
  private long lastPrinted = System.nanoTime();

  TextProgress(PrintWriter err) {
    this.err = err;
  }

  @Override
  public synchronized void phase(String what) {
    say(what + " ...");
  }

  @Override
  public synchronized void snapshotRows(TableName table, long rows, long estimatedRows) {
    if (rows == estimatedRows || isTime()) {
      say(
          "  %s: %,d rows read%s"
              .formatted(
                  table,
                  rows,
                  estimatedRows > rows ? " of about %,d".formatted(estimatedRows) : ""));
    }
  }

  @Override
  public synchronized void streamed(long changes) {
    if (isTime()) {
      say("  %,d changes read".formatted(changes));
    }
  }

  @Override
  public synchronized void committed(Checkpoint checkpoint) {
    say(
        "  batch %d committed: %,d rows, up to LSN %s"
            .formatted(checkpoint.n(), checkpoint.rows(), checkpoint.lsn()));
  }

  private boolean isTime() {
    return System.nanoTime() - lastPrinted > EVERY_NANOS;
  }

  private void say(String line) {
    lastPrinted = System.nanoTime();
    err.println(line);
    err.flush();
  }
}
