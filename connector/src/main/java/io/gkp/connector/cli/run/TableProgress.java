package io.gkp.connector.cli.run;

import io.gkp.connector.cli.text.Sizes;
import java.time.Duration;

/** How one table gets on in one part of a run. */
final class TableProgress {
  private static final long MEANS_SOMETHING_NANOS = 200_000_000L;

  private final String name;
  private final String what;
  private final long began;
  private final long estimatedRows;
  private long rows;
  private long lastRowAt;
  private long loadedBytes;

  /**
   * @param what what its rows are called
   * @param estimatedRows how many there will be; negative where nobody knows
   * @param began {@link System#nanoTime}
   */
  TableProgress(String name, String what, long estimatedRows, long began) {
    this.name = name;
    this.what = what;
    this.estimatedRows = estimatedRows;
    this.began = began;
    this.lastRowAt = began;
  }

  void rows(long total, long now) {
    if (total != rows) {
      rows = total;
      lastRowAt = now;
    }
  }

  void loaded(long bytes) {
    loadedBytes += bytes;
  }

  /** Name, rows, rate, bytes; while it is read, how much is left by the estimate. */
  String line() {
    StringBuilder line = new StringBuilder("  %s: %,d".formatted(name, rows));
    if (estimatedRows > rows) {
      line.append(" of about %,d".formatted(estimatedRows));
    }
    line.append(' ').append(what);
    long nanos = lastRowAt - began;
    boolean known = rows > 0 && nanos >= MEANS_SOMETHING_NANOS;
    if (known) {
      line.append(", %,d/s".formatted((long) (rows / (nanos / 1e9))));
    }
    line.append(", ").append(Sizes.text(loadedBytes)).append(" loaded");
    if (known && estimatedRows > rows) {
      line.append(", about ").append(left(nanos, rows, estimatedRows - rows)).append(" left");
    }
    return line.toString();
  }

  /** How long the rest takes if it goes on as it went. */
  static String left(long nanos, long done, long rest) {
    return Sizes.text(Duration.ofNanos((long) ((double) nanos / done * rest)));
  }
}
