package io.gkp.connector.config;

import java.time.Duration;

/**
 * How much is held in memory and loaded at once.
 *
 * @param maxPartBytes newline-delimited JSON in one load job, before compression; a batch is cut at
 *     the next transaction end after this many bytes over all tables
 * @param maxAge a batch is cut at the first transaction end after this long
 * @param maxInFlightBytes compressed bytes of parts that are not durable yet; reading waits beyond
 */
public record BatchLimits(long maxPartBytes, Duration maxAge, long maxInFlightBytes) {
  /**
   * 64 MiB of JSON are some 300,000 rows of 200 bytes: few enough to hold compressed, enough to
   * stay far below BigQuery's quota of 1,500 table modifications a day and table.
   */
  public static final BatchLimits DEFAULT =
      new BatchLimits(64L << 20, Duration.ofSeconds(60), 128L << 20);

  public BatchLimits {
    if (maxPartBytes < 1 || maxInFlightBytes < 1) {
      throw new IllegalArgumentException("batch limits must be positive");
    }
  }
}
