package io.gkp.localbigquery.sql.analysis;

import io.gkp.localbigquery.api.ApiException;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Errors of ours on their way through DuckDB, which takes nothing but text and puts its own around
 * it.
 */
public final class PassedErrors {
  private static final String MARK = "\u0001";
  private static final Pattern PASSED =
      Pattern.compile(MARK + "(\\d+)" + MARK + "(\\w+)" + MARK + "(.*?)" + MARK, Pattern.DOTALL);

  private PassedErrors() {}

  public static String write(ApiException error) {
    return MARK
        + error.httpStatus()
        + MARK
        + error.reason()
        + MARK
        + error.getMessage().replace(MARK, "")
        + MARK;
  }

  /** The error in a message of DuckDB's. */
  public static Optional<ApiException> read(String message) {
    Matcher passed = PASSED.matcher(message);
    return passed.find()
        ? Optional.of(
            new ApiException(
                Integer.parseInt(passed.group(1)), passed.group(2), passed.group(3), "query"))
        : Optional.empty();
  }
}
