package io.gkp.connector.config;

import java.util.Arrays;
import java.util.Locale;

/** A setting that is one word of a few. */
final class Choice {
  private Choice() {}

  /**
   * @throws IllegalArgumentException naming the words
   */
  static <E extends Enum<E>> E parse(Class<E> type, String text) {
    return Arrays.stream(type.getEnumConstants())
        .filter(value -> text(value).equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("expected %s, got %s".formatted(words(type), text)));
  }

  /** As it is configured, such as {@code gzip}. */
  static String text(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static String words(Class<? extends Enum<?>> type) {
    String all =
        String.join(", ", Arrays.stream(type.getEnumConstants()).map(Choice::text).toList());
    return all.replaceFirst(", (\\w+)$", " or $1");
  }
}
