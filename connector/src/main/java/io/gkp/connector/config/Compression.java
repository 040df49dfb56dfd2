package io.gkp.connector.config;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How rows travel to BigQuery. */
public enum Compression {
  /** A quarter of the bytes, for some microseconds of CPU a row. */
  GZIP,
  /** Where the network is faster than gzip is; BigQuery reads such files in parallel. */
  NONE;

  static Compression parse(String text) {
    return Arrays.stream(values())
        .filter(value -> value.text().equals(text.strip().toLowerCase(Locale.ROOT)))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    Arrays.stream(values())
                        .map(Compression::text)
                        .collect(Collectors.joining(" or ", "expected ", ""))));
  }

  /** As it is configured, such as {@code gzip}. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }
}
