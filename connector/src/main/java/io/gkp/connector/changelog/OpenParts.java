package io.gkp.connector.changelog;

/**
 * How far the open parts of one batch may grow, all tables together: a batch ends with a
 * transaction, and one transaction may fill parts of every table.
 *
 * <p>Once together they hold as much as a part may, each is full at its share. So they never hold
 * more than twice that, and a row for each table.
 */
final class OpenParts {
  private final long maxPartBytes;
  private long bytes;
  private int count;

  OpenParts(long maxPartBytes) {
    this.maxPartBytes = maxPartBytes;
  }

  void opened() {
    count++;
  }

  void grown(long by) {
    bytes += by;
  }

  void closed(long partBytes) {
    count--;
    bytes -= partBytes;
  }

  /** Whether the next row of an open part's table goes into another part. */
  boolean isFull(long partBytes) {
    return partBytes >= maxPartBytes
        || (bytes >= maxPartBytes && partBytes >= maxPartBytes / count);
  }
}
