package io.gkp.connector.config;

import java.time.Duration;

/**
 * How much is held in memory and loaded at once.
 *
 * @param maxPartBytes newline-delimited JSON in one load job, before compression; a batch is cut at
 *     the next transaction end after this many bytes over all tables
 * @param maxAge a batch is cut at the first transaction end after this long
 * @param maxInFlightBytes bytes of parts, compressed or not, that are not durable yet; reading
 *     waits beyond
 * @param compression how rows travel
 * @param snapshotChunkBytes how much of a large table is read at a time: a run that ends, or dies,
 *     reads no more than this again
 */
public record BatchLimits(
    long maxPartBytes,
    Duration maxAge,
    long maxInFlightBytes,
    Compression compression,
    long snapshotChunkBytes) {
  /** One GiB takes some minutes at most, and makes a thousand chunks of a TiB. */
  public static final long DEFAULT_SNAPSHOT_CHUNK_BYTES = 1L << 30;

  /**
   * 64 MiB of JSON are some 200,000 rows of 200 bytes: few enough to hold compressed, enough to
   * stay far below BigQuery's quota of 1,500 table modifications a day and table. As much in flight
   * is several of them, since rows compress to a quarter and less.
   */
  public static final BatchLimits DEFAULT =
      new BatchLimits(64L << 20, Duration.ofSeconds(60), 64L << 20);

  /**
   * What the engine may have read ahead; rows may be megabytes wide, so their number is no bound.
   * The server fills it in a tenth of a second: more of it would bring nothing.
   */
  public static final long READ_AHEAD_BYTES = 8L << 20;

  /** Changes that wait for the end of their transaction, where a table's key is DEFERRABLE. */
  public static final long HELD_BYTES = 16L << 20;

  /** Classes' data, the engine, the clients and the records that are being passed on. */
  private static final long FIXED_BYTES = 96L << 20;

  public BatchLimits {
    if (maxPartBytes < 1 || maxInFlightBytes < 1 || snapshotChunkBytes < 1) {
      throw new IllegalArgumentException("batch limits must be positive");
    }
  }

  /** With chunks of the usual size. */
  public BatchLimits(
      long maxPartBytes, Duration maxAge, long maxInFlightBytes, Compression compression) {
    this(maxPartBytes, maxAge, maxInFlightBytes, compression, DEFAULT_SNAPSHOT_CHUNK_BYTES);
  }

  /** The same with gzip. */
  public BatchLimits(long maxPartBytes, Duration maxAge, long maxInFlightBytes) {
    this(maxPartBytes, maxAge, maxInFlightBytes, Compression.GZIP);
  }

  /** The same with chunks of another size. */
  public BatchLimits withSnapshotChunks(long bytes) {
    return new BatchLimits(maxPartBytes, maxAge, maxInFlightBytes, compression, bytes);
  }

  /**
   * Heap that a run needs at most, whatever the backlog and the size of transactions: twice what is
   * read ahead (queued, and handed over), what is held of a transaction, the open parts of all
   * tables (which grow to twice a part), one part that waits for its turn, and all that is in
   * flight with as much again in the client's upload buffers. Nothing is assumed to compress. Rows
   * of megabytes come on top, each some ten times while it is converted.
   */
  public long heapBytes() {
    return FIXED_BYTES
        + HELD_BYTES
        + 2 * READ_AHEAD_BYTES
        + 3 * maxPartBytes
        + 2 * maxInFlightBytes;
  }
}
