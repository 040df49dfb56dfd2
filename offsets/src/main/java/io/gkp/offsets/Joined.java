package io.gkp.offsets;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lists in one column: of names, separated by commas, which job ids do not hold; and of sentences.
 */
final class Joined {
  private Joined() {}

  static @Nullable String text(List<String> names) {
    return names.isEmpty() ? null : String.join(",", names);
  }

  /** {@code name=number,...}. */
  static @Nullable String text(Map<String, Long> numbers) {
    return text(
        numbers.entrySet().stream().map(entry -> entry.getKey() + "=" + entry.getValue()).toList());
  }

  /** The numbers in their order; what is none is passed over. */
  static Map<String, Long> numbers(@Nullable String text) {
    Map<String, Long> numbers = new LinkedHashMap<>();
    for (String entry : list(text)) {
      int equals = entry.lastIndexOf('=');
      if (equals > 0 && entry.substring(equals + 1).matches("\\d{1,18}")) {
        numbers.put(entry.substring(0, equals), Long.parseLong(entry.substring(equals + 1)));
      }
    }
    return numbers;
  }

  /** A line for each sentence; null without any. */
  static @Nullable String lines(List<String> sentences) {
    return sentences.isEmpty() ? null : String.join("\n", sentences);
  }

  static List<String> lines(@Nullable String text) {
    return text == null ? List.of() : text.lines().toList();
  }

  static List<String> list(@Nullable String text) {
    return text == null || text.isEmpty() ? List.of() : List.of(text.split(","));
  }
}
