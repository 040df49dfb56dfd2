package io.gkp.connector.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One catch-up run, parsed and valid.
 *
 * @param maxDuration the run stops at the first transaction end after this long, with exit code 3
 */
public record ExportConfig(
    SourceConfig source, DestinationConfig destination, BatchLimits limits, Duration maxDuration) {
  /** Shorter than the usual schedule of an hour, so that runs do not meet. */
  public static final Duration DEFAULT_MAX_DURATION = Duration.ofMinutes(50);

  /**
   * As long as a subscriber of PostgreSQL's own waits ({@code wal_receiver_timeout}), and longer
   * than BigQuery takes to answer.
   */
  public static final Duration DEFAULT_NETWORK_TIMEOUT = Duration.ofSeconds(60);

  private static final Duration SHORTEST_NETWORK_TIMEOUT = Duration.ofSeconds(1);

  static Duration checkNetworkTimeout(Duration timeout) {
    if (timeout.compareTo(SHORTEST_NETWORK_TIMEOUT) < 0) {
      throw new IllegalArgumentException("at least 1s, got " + timeout.toMillis() + "ms");
    }
    return timeout;
  }

  /** The same run, more or less patient with connections that have fallen silent. */
  public ExportConfig withNetworkTimeout(Duration timeout) {
    return new ExportConfig(
        source.withNetworkTimeout(timeout),
        destination.withNetworkTimeout(timeout),
        limits,
        maxDuration);
  }

  /** Every setting with the value that is in force, defaults included; no secrets. */
  public Map<String, Object> describe() {
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("source", source.user() + "@" + source.describe());
    settings.put("source-password", source.password() == null ? "none" : "***");
    settings.put("source-options", source.describeOptions());
    settings.put(Setting.TABLES.key(), source.tables());
    settings.put(Setting.EXCLUDE_COLUMNS.key(), source.protection().excluded());
    settings.put(Setting.HASH_COLUMNS.key(), source.protection().hashed());
    settings.put(Setting.SLOT.key(), source.slot());
    settings.put(Setting.PUBLICATION.key(), source.publication());
    settings.put(Setting.PROJECT.key(), destination.project());
    settings.put(Setting.DATASET.key(), destination.dataset());
    settings.put(Setting.LOCATION.key(), destination.location());
    settings.put(Setting.BIGQUERY_HOST.key(), destination.host());
    settings.put(Setting.BATCH_BYTES.key(), limits.maxPartBytes());
    settings.put(Setting.BATCH_AGE.key(), limits.maxAge());
    settings.put(Setting.IN_FLIGHT_BYTES.key(), limits.maxInFlightBytes());
    settings.put(Setting.MAX_DURATION.key(), maxDuration);
    settings.put(Setting.NETWORK_TIMEOUT.key(), source.networkTimeout());
    return settings;
  }
}
