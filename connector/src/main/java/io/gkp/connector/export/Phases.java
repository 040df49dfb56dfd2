package io.gkp.connector.export;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parts of a run: tells which one begins, and how long each took, in milliseconds. */
final class Phases {
  private final Progress progress;
  private final Map<String, Long> millis = new LinkedHashMap<>();
  private @Nullable String current;
  private long since;

  Phases(Progress progress) {
    this.progress = progress;
  }

  /** Has no further effect while the phase goes on. */
  void begin(String phase) {
    if (phase.equals(current)) {
      return;
    }
    end();
    progress.phase(phase);
    current = phase;
    since = System.nanoTime();
  }

  void end() {
    if (current != null) {
      millis.merge(current, (System.nanoTime() - since) / 1_000_000, Long::sum);
      current = null;
    }
  }

  Map<String, Long> millis() {
    return Collections.unmodifiableMap(millis);
  }
}
