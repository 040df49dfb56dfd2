package io.gkp.connector.cli;

import java.time.Duration;

/** How one table gets on in one part of a run. */
final class TableProgress {
  private final String name;
  private final String what;
  private final long began;
  private final long estimatedRows;
  private long rows;
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
  }

  void rows(long now) {
    rows = now;
  }

  void loaded(long bytes) {
    loadedBytes += bytes;
  }

  /** Name, rows, rate, bytes; while it is read, how much is left by the estimate. */
  String line(long now) {
    StringBuilder line = new StringBuilder("  %s: %,d".formatted(name, rows));
    if (estimatedRows > rows) {
      line.append(" of about %,d".formatted(estimatedRows));
    }
    line.append(" %s, %s, %s loaded".formatted(what, rate(now), Sizes.text(loadedBytes)));
    if (estimatedRows > rows && rows > 0) {
      line.append(", about ").append(left(now - began, rows, estimatedRows - rows)).append(" left");
    }
    return line.toString();
  }

  private String rate(long now) {
    return "%,d/s".formatted((long) (rows / Math.max(0.001, (now - began) / 1e9)));
  }

  /** How long the rest takes if it goes on as it went. */
  static String left(long nanos, long done, long rest) {
    return Sizes.text(Duration.ofNanos((long) ((double) nanos / done * rest)));
  }
}
