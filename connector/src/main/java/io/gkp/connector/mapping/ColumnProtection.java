package io.gkp.connector.mapping;

import io.gkp.connector.debezium.DebeziumTextConverter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is done to a column's values before they are written or sent anywhere.
 *
 * @param kind what is done
 * @param hash null unless the values are hashed
 */
public record ColumnProtection(Kind kind, ColumnHash hash) {
  public static final ColumnProtection NONE = new ColumnProtection(Kind.NONE, null);

  /** Always NULL. */
  public static final ColumnProtection EXCLUDED = new ColumnProtection(Kind.EXCLUDED, null);

  private static final String EXCLUDED_MARK = "excluded from the export";
  private static final String HASHED_MARK = "HMAC-SHA-256, salt ";

  /** At the end, where no name from the source can stand. */
  private static final Pattern MARK =
      Pattern.compile("; (" + EXCLUDED_MARK + "|" + HASHED_MARK + "[0-9a-f]{8})$");

  /** See the constants and {@link #hashed}. */
  public enum Kind {
    NONE,
    EXCLUDED,
    HASHED
  }

  static ColumnProtection hashed(ColumnHash hash) {
    return new ColumnProtection(Kind.HASHED, hash);
  }

  public boolean isNone() {
    return kind == Kind.NONE;
  }

  public boolean isExcluded() {
    return kind == Kind.EXCLUDED;
  }

  public boolean isHashed() {
    return kind == Kind.HASHED;
  }

  /**
   * The text that is written in place of the value's.
   *
   * @param text null for SQL NULL, which stays; so does {@link DebeziumTextConverter#UNAVAILABLE}
   */
  @SuppressWarnings("StringEquality") // the marker is an object, not a text
  String apply(String text) {
    return switch (kind) {
      case NONE -> text;
      case EXCLUDED -> null;
      case HASHED ->
          text == null || text == DebeziumTextConverter.UNAVAILABLE ? text : hash.of(text);
    };
  }

  /** How a field's description ends, so that readers and later runs see it; empty for none. */
  String mark() {
    return switch (kind) {
      case NONE -> "";
      case EXCLUDED -> "; " + EXCLUDED_MARK;
      case HASHED -> "; " + HASHED_MARK + hash.fingerprint();
    };
  }

  /** The {@link #mark} in a field's description. */
  static String markOf(String description) {
    Matcher matcher = MARK.matcher(description == null ? "" : description);
    return matcher.find() ? matcher.group() : "";
  }
}
