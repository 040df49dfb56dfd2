package io.gkp.connector.faults;

import io.gkp.testing.wire.Answer;
import io.gkp.testing.wire.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * When a run is killed: at its n-th request, or so many milliseconds after its start.
 *
 * @param request from 1 on; 0 where time decides
 */
record Kill(When when, int request, int afterMillis) {
  private static final int REQUESTS = 60;

  /** A run of a process of its own takes about as long. */
  private static final int MILLIS = 4_000;

  /** What a request still does when its run is killed. */
  enum When {
    /** Nothing. */
    BEFORE,
    /** A part of its content has come. */
    DURING,
    /** It has its effect; the run does not hear of it. */
    AFTER,
    /** The run may hear of it. */
    ANSWERED;

    Fault fault(Runnable kill) {
      return switch (this) {
        case BEFORE ->
            (call, chain) -> {
              kill.run();
              call.exchange().close();
            };
        case DURING ->
            (call, chain) -> {
              call.exchange().getRequestBody().readNBytes(100);
              kill.run();
              call.exchange().close();
            };
        case AFTER ->
            (call, chain) -> {
              chain.doFilter(new Answer(call.exchange()));
              kill.run();
              call.exchange().close();
            };
        case ANSWERED ->
            (call, chain) -> {
              chain.doFilter(call.exchange());
              kill.run();
            };
      };
    }
  }

  /** The kills of a seed: every other one at a moment in time. */
  static List<Kill> plan(long seed, int count) {
    Random random = new Random(seed);
    List<Kill> kills = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      When when = When.values()[random.nextInt(When.values().length)];
      int request = 1 + random.nextInt(REQUESTS);
      int millis = 1 + random.nextInt(MILLIS);
      kills.add(i % 2 == 0 ? new Kill(when, request, 0) : new Kill(When.BEFORE, 0, millis));
    }
    return kills;
  }

  boolean isAtRequest() {
    return request > 0;
  }
}
