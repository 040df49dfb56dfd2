package io.gkp.localbigquery.sql.statement;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An option that is set, as OPTIONS takes it.
 *
 * @param value as a literal of GoogleSQL
 */
record OptionValue(String name, String type, String value) {
  private static final double MILLIS_A_DAY = 86_400_000;
  private static final String LABELS = "labels";

  static Optional<OptionValue> text(String name, String value) {
    return of(name, "STRING", value == null ? null : quoted(value));
  }

  static Optional<OptionValue> flag(String name, Boolean value) {
    return of(name, "BOOL", value);
  }

  static Optional<OptionValue> number(String name, Long value) {
    return of(name, "INT64", value);
  }

  static Optional<OptionValue> days(String name, Long millis) {
    return of(name, "FLOAT64", millis == null ? null : millis / MILLIS_A_DAY);
  }

  /** Empty where there is no label. */
  static Optional<OptionValue> labels(Map<String, String> labels) {
    return of(
        LABELS,
        "ARRAY<STRUCT<STRING, STRING>>",
        labels == null || labels.isEmpty() ? null : list(labels, "STRUCT"));
  }

  static Optional<OptionValue> of(String name, String type, Object value) {
    return value == null
        ? Optional.empty()
        : Optional.of(new OptionValue(name, type, value.toString()));
  }

  private static String list(Map<String, String> labels, String struct) {
    return new TreeMap<>(labels)
        .entrySet().stream()
            .map(
                label ->
                    struct + "(" + quoted(label.getKey()) + ", " + quoted(label.getValue()) + ")")
            .collect(Collectors.joining(", ", "[", "]"));
  }

  /** A line of an OPTIONS list. The real service writes labels there as plain pairs. */
  String clause() {
    return "  " + name + "=" + (name.equals(LABELS) ? value.replace("STRUCT(\"", "(\"") : value);
  }

  static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }
}
