package io.gkp.serve;

import io.gkp.name.Loopback;
import io.gkp.serve.access.AccessConfig;
import java.time.Duration;
import java.util.Optional;

/**
 * How to serve.
 *
 * @param bind the address to listen on
 * @param port 0 for any free one
 * @param every how often to start a run; empty for never
 * @param freshWithin how old the newest complete state may be before that is worth a warning
 */
record ServeConfig(
    String bind, int port, AccessConfig access, Optional<Duration> every, Duration freshWithin) {
  static final String DEFAULT_BIND = "127.0.0.1";
  static final int DEFAULT_PORT = 8080;
  static final Duration DEFAULT_FRESH_WITHIN = Duration.ofHours(2);

  boolean isOnLoopback() {
    return Loopback.is(bind);
  }
}
