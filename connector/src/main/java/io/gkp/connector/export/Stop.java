package io.gkp.connector.export;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Whether, and how urgently, a run shall end before its fence. */
final class Stop {
  /** Cloud Run kills ten seconds after SIGTERM. */
  private static final Duration SIGNAL_GRACE = Duration.ofSeconds(7);

  /** At the time limit, a transaction under way may end and its batch be loaded. */
  private static final Duration DEADLINE_GRACE = Duration.ofMinutes(2);

  private final Clock clock;
  private final Instant deadline;
  private volatile @Nullable Instant signalled;

  Stop(Clock clock, Duration maxDuration) {
    this.clock = clock;
    this.deadline = clock.instant().plus(maxDuration);
  }

  /** SIGTERM or Ctrl-C. */
  void signal() {
    signalled = clock.instant();
  }

  /** Whether somebody wants the process to end, and soon. */
  boolean isSignalled() {
    return signalled != null;
  }

  /** Time to look for the next good moment to stop. */
  boolean isDue() {
    return signalled != null || clock.instant().isAfter(deadline);
  }

  /** Whether something may be begun that takes so long. */
  boolean leavesTimeFor(Duration duration) {
    return signalled == null && clock.instant().plus(duration).isBefore(deadline);
  }

  /** Time to stop waiting for a good moment. */
  boolean isOverdue() {
    Instant now = clock.instant();
    return (signalled != null && now.isAfter(signalled.plus(SIGNAL_GRACE)))
        || now.isAfter(deadline.plus(DEADLINE_GRACE));
  }
}
