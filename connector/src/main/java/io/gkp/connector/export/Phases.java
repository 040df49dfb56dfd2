package io.gkp.connector.export;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** How long each part of a run took, in milliseconds. */
final class Phases {
  private final Map<String, Long> millis = new LinkedHashMap<>();
  private String current;
  private long since;

  void begin(String phase) {
    end();
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
