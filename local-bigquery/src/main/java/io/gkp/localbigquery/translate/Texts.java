package io.gkp.localbigquery.translate;

import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** Regular expressions. */
final class Texts {
  private Texts() {}

  static Optional<String> matches(Call call) {
    return groups(call).map(groups -> "regexp_matches(" + call.sql(0) + ", " + call.sql(1) + ")");
  }

  static Optional<String> extract(Call call) {
    return groups(call)
        .filter(groups -> groups == 0)
        .map(
            groups ->
                "(CASE WHEN regexp_matches("
                    + call.sql(0)
                    + ", "
                    + call.sql(1)
                    + ") THEN regexp_extract("
                    + call.sql(0)
                    + ", "
                    + call.sql(1)
                    + ") END)");
  }

  /** Nothing where the expression may not be valid: ZetaSQL then says why. */
  private static Optional<Integer> groups(Call call) {
    try {
      String expression = call.constant(1).orElseThrow().getStringValue();
      return Optional.of(
          Pattern.compile(expression.replace("(?P<", "(?<")).matcher("").groupCount());
    } catch (PatternSyntaxException e) {
      return Optional.empty();
    }
  }
}
