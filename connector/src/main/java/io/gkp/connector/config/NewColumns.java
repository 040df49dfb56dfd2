package io.gkp.connector.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What becomes of a column that a captured table got after its raw table was created. */
public enum NewColumns {
  /** Its values are exported like all others. */
  EXPORT,
  /** No run writes anything before somebody has decided. */
  REFUSE,
  /** Its values are not exported until somebody decides otherwise. */
  EXCLUDE;

  static NewColumns parse(String text) {
    return Arrays.stream(values())
        .filter(value -> value.text().equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "expected one of "
                        + Arrays.stream(values())
                            .map(NewColumns::text)
                            .collect(Collectors.joining(", "))
                        + ", got "
                        + text));
  }

  /** As it is configured, such as {@code refuse}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
