package io.gkp.connector.config;

import java.time.Duration;

/**
 * One catch-up run, parsed and valid.
 *
 * @param maxDuration the run stops at the first transaction end after this long, with exit code 3
 */
public record ExportConfig(
    SourceConfig source, DestinationConfig destination, BatchLimits limits, Duration maxDuration) {
  /** Shorter than the usual schedule of an hour, so that runs do not meet. */
  public static final Duration DEFAULT_MAX_DURATION = Duration.ofMinutes(50);
}
