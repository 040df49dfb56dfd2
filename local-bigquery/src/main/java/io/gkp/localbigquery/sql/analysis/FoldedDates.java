package io.gkp.localbigquery.sql.analysis;

import com.google.protobuf.Message;
import com.google.zetasql.CivilTimeEncoder;
import com.google.zetasql.ResolvedLiteralProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.text.Lexer;
import java.time.LocalDateTime;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Keeps the analyzer from turning a DATE that is written out into a DATETIME: its result is always
 * 1970-01-01, whether the statement says CAST or a comparison does so by itself. Of calls it leaves
 * the conversion to the engine.
 *
 * <p>Last seen in version 2025.09.1; {@code docs/internals/local-bigquery.md} has the smallest
 * case.
 */
public final class FoldedDates {
  private static final ValueProto.Datetime EPOCH =
      CivilTimeEncoder.encodePacked96DatetimeNanos(LocalDateTime.of(1970, 1, 1, 0, 0));

  private static final String QUOTED = "(['\"])(\\d{1,4}-\\d{1,2}-\\d{1,2})\\%d";
  private static final Pattern DATE =
      Pattern.compile(
          "(?i)DATE\\s*%s|(?:SAFE_)?CAST\\s*\\(\\s*%s\\s+AS\\s+DATE\\s*\\)"
              .formatted(QUOTED.formatted(1), QUOTED.formatted(3)));

  private FoldedDates() {}

  /** Whether a value may be such a result. A literal of 1970-01-01 looks the same. */
  static boolean mayBeIn(Message statement) {
    return Trees.all(statement, ResolvedLiteralProto.class).stream()
        .anyMatch(literal -> hasEpoch(literal.getValue().getValue()));
  }

  private static boolean hasEpoch(ValueProto value) {
    return switch (value.getValueCase()) {
      case DATETIME_VALUE -> value.getDatetimeValue().equals(EPOCH);
      case ARRAY_VALUE ->
          value.getArrayValue().getElementList().stream().anyMatch(FoldedDates::hasEpoch);
      case STRUCT_VALUE ->
          value.getStructValue().getFieldList().stream().anyMatch(FoldedDates::hasEpoch);
      default -> false;
    };
  }

  /** The text with calls in the place of literals. All else stays where it is. */
  public static String asCalls(String sql) {
    StringBuilder result = new StringBuilder(sql);
    Matcher date = DATE.matcher(sql);
    for (int i = 0; i < sql.length(); i = Lexer.endOfToken(sql, i)) {
      date.region(i, sql.length());
      boolean startsWord = i == 0 || !Character.isJavaIdentifierPart(sql.charAt(i - 1));
      if (startsWord && date.lookingAt()) {
        String day = date.group(2) == null ? date.group(4) : date.group(2);
        String call = "DATE(" + day.replace('-', ',') + ")";
        result.replace(i, date.end(), call + " ".repeat(date.end() - i - call.length()));
      }
    }
    return result.toString();
  }

  /** Throws {@code notImplemented} where a value is certainly wrong. */
  static void check(String sql, Message statement) {
    if (!sql.contains("1970") && mayBeIn(statement)) {
      throw ApiException.notImplemented(
          "constants of type DATE as DATETIME in this form: write DATETIME '...'");
    }
  }
}
