package io.gkp.connector.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what somebody meant. */
public final class Suggestion {
  private static final int FARTHEST = 3;

  private Suggestion() {}

  /** The candidate that is fewest edits away, if any is near: half of a short text is far. */
  public static Optional<String> among(Collection<String> candidates, String text) {
    int farthest = Math.min(FARTHEST, text.length() / 2);
    return candidates.stream()
        .filter(candidate -> distance(candidate, text) <= farthest)
        .min(Comparator.comparingInt(candidate -> distance(candidate, text)));
  }

  /** Levenshtein distance, two rows at a time. */
  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(substitution, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
