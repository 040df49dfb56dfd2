package io.gkp.connector.cli;

import io.gkp.connector.config.TableName;
import io.gkp.connector.export.Progress;
import io.gkp.offsets.Checkpoint;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Progress for people, on standard error: on a terminal a line that is rewritten while a table is
 * read, elsewhere a new line every two seconds.
 */
final class TextProgress implements Progress {
  private static final long EVERY_NANOS = 2_000_000_000L;
  private static final long LIVE_NANOS = 200_000_000L;
  private static final String REWRITE = "\r\033[K";

  private final PrintWriter err;
  private final boolean live;
  private final Map<String, Long> began = new HashMap<>();
  private final Map<String, Long> loadedBytes = new HashMap<>();
  private long lastPrinted = System.nanoTime();
  private boolean lineIsOpen;

  /**
   * @param live whether {@code err} is a terminal
   */
  TextProgress(PrintWriter err, boolean live) {
    this.err = err;
    this.live = live;
  }

  @Override
  public synchronized void phase(String what) {
    say(what + " ...");
  }

  @Override
  public synchronized void snapshotRows(TableName table, long rows, long estimatedRows) {
    long since = began.computeIfAbsent(table.display(), name -> System.nanoTime());
    String line = line(table.display(), rows, estimatedRows, System.nanoTime() - since);
    if (rows == estimatedRows) {
      say(line);
    } else {
      sayNow(line);
    }
  }

  @Override
  public synchronized void loaded(String table, long rows, long bytes) {
    loadedBytes.merge(table, bytes, Long::sum);
  }

  @Override
  public synchronized void streamed(long changes) {
    long since = began.computeIfAbsent("", name -> System.nanoTime());
    long bytes = loadedBytes.values().stream().mapToLong(Long::longValue).sum();
    sayNow(
        "  %,d changes read, %s, %s loaded"
            .formatted(changes, rate(changes, System.nanoTime() - since), Sizes.text(bytes)));
  }

  @Override
  public synchronized void committed(Checkpoint checkpoint) {
    say(
        "  batch %d committed: %,d rows, up to LSN %s"
            .formatted(checkpoint.n(), checkpoint.rows(), checkpoint.lsn()));
  }

  private String line(String table, long rows, long estimatedRows, long nanos) {
    StringBuilder line = new StringBuilder("  %s: %,d rows read".formatted(table, rows));
    if (estimatedRows > rows) {
      line.append(" of about %,d".formatted(estimatedRows));
    }
    line.append(", ").append(rate(rows, nanos));
    line.append(", ").append(Sizes.text(loadedBytes.getOrDefault(table, 0L))).append(" loaded");
    if (estimatedRows > rows && rows > 0) {
      long left = (long) ((double) nanos / rows * (estimatedRows - rows));
      line.append(", about ").append(Sizes.text(Duration.ofNanos(left))).append(" left");
    }
    return line.toString();
  }

  private static String rate(long rows, long nanos) {
    return "%,d rows/s".formatted((long) (rows / Math.max(0.001, nanos / 1e9)));
  }

  /** A line that the next one may take the place of; often enough, and not more often. */
  private void sayNow(String line) {
    if (System.nanoTime() - lastPrinted < (live ? LIVE_NANOS : EVERY_NANOS)) {
      return;
    }
    if (!live) {
      say(line);
      return;
    }
    err.print(REWRITE + line);
    err.flush();
    lineIsOpen = true;
    lastPrinted = System.nanoTime();
  }

  private void say(String line) {
    err.println((lineIsOpen ? REWRITE : "") + line);
    err.flush();
    lineIsOpen = false;
    lastPrinted = System.nanoTime();
  }
}
