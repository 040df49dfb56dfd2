package io.gkp.connector.cli;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Finds which of many values stand in a text as whole words, in one pass over the text. Values have
 * {@link #SHORTEST} characters or more, by whose hash they are looked up.
 */
final class ValueSearch {
  static final int SHORTEST = 5;

  private final Map<Integer, List<String>> byBeginning = new HashMap<>();
  private final BitSet beginnings = new BitSet();

  ValueSearch(Collection<String> values) {
    for (String value : values) {
      int hash = hash(value, 0);
      byBeginning.computeIfAbsent(hash, any -> new ArrayList<>()).add(value);
      beginnings.set(bit(hash));
    }
  }

  Set<String> in(String text) {
    Set<String> found = new HashSet<>();
    for (int at = 0; at <= text.length() - SHORTEST; at++) {
      int hash = hash(text, at);
      if (!beginnings.get(bit(hash))) {
        continue;
      }
      for (String value : byBeginning.getOrDefault(hash, List.of())) {
        if (text.startsWith(value, at) && isWord(text, at, at + value.length())) {
          found.add(value);
        }
      }
    }
    return found;
  }

  private static int hash(String text, int at) {
    int hash = 0;
    for (int i = at; i < at + SHORTEST; i++) {
      hash = 31 * hash + text.charAt(i);
    }
    return hash;
  }

  private static int bit(int hash) {
    return hash & 0xffff;
  }

  private static boolean isWord(String text, int from, int to) {
    return (from == 0 || !Character.isLetterOrDigit(text.charAt(from - 1)))
        && (to == text.length() || !Character.isLetterOrDigit(text.charAt(to)));
  }
}
