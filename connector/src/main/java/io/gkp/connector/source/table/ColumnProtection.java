package io.gkp.connector.source.table;

import static java.util.Objects.requireNonNull;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is done to a column's values before they are written or sent anywhere.
 *
 * @param kind what is done
 * @param hash null unless the values are hashed
 */
public record ColumnProtection(Kind kind, @Nullable ColumnHash hash) {
  public static final ColumnProtection NONE = new ColumnProtection(Kind.NONE, null);

  /** Always NULL. */
  public static final ColumnProtection EXCLUDED = new ColumnProtection(Kind.EXCLUDED, null);

  /** Always NULL, since nobody has decided on it and new columns are left out. */
  public static final ColumnProtection EXCLUDED_AS_NEW =
      new ColumnProtection(Kind.EXCLUDED_AS_NEW, null);

  private static final String EXCLUDED_MARK = "excluded from the export";
  private static final String NEW_MARK = EXCLUDED_MARK + " as a new column";
  private static final String HASHED_MARK = "HMAC-SHA-256, salt ";

  /** At the end, where no name from the source can stand. */
  private static final Pattern MARK =
      Pattern.compile("; (" + NEW_MARK + "|" + EXCLUDED_MARK + "|" + HASHED_MARK + "[0-9a-f]{8})$");

  /** See the constants and {@link #hashed}. */
  public enum Kind {
    NONE,
    EXCLUDED,
    EXCLUDED_AS_NEW,
    HASHED
  }

  public static ColumnProtection hashed(ColumnHash hash) {
    return new ColumnProtection(Kind.HASHED, hash);
  }

  public boolean isNone() {
    return kind == Kind.NONE;
  }

  public boolean isExcluded() {
    return kind == Kind.EXCLUDED || isExcludedAsNew();
  }

  public boolean isExcludedAsNew() {
    return kind == Kind.EXCLUDED_AS_NEW;
  }

  public boolean isHashed() {
    return kind == Kind.HASHED;
  }

  /** The text that is written in place of the value's. */
  public String apply(String text) {
    return switch (kind) {
      case NONE -> text;
      case EXCLUDED, EXCLUDED_AS_NEW ->
          throw new IllegalStateException("an excluded value was asked for");
      case HASHED -> requireNonNull(hash).of(text);
    };
  }

  /** How a field's description ends, so that readers and later runs see it; empty for none. */
  public String mark() {
    return switch (kind) {
      case NONE -> "";
      case EXCLUDED -> "; " + EXCLUDED_MARK;
      case EXCLUDED_AS_NEW -> "; " + NEW_MARK;
      case HASHED -> "; " + HASHED_MARK + requireNonNull(hash).fingerprint();
    };
  }

  /** Whether a field so described holds values as they are written by this protection. */
  public boolean isOf(String description) {
    String there = markOf(description);
    return there.equals(mark()) || isExcluded() && there.startsWith(EXCLUDED.mark());
  }

  /** Whether the described field's column was left out as a new one. */
  public static boolean wasExcludedAsNew(String description) {
    return markOf(description).equals(EXCLUDED_AS_NEW.mark());
  }

  /** The {@link #mark} in a field's description. */
  static String markOf(String description) {
    Matcher matcher = MARK.matcher(description == null ? "" : description);
    return matcher.find() ? matcher.group() : "";
  }
}
