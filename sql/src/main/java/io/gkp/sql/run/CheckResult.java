package io.gkp.sql.run;

import io.gkp.sql.model.Severity;
import org.jspecify.annotations.Nullable;

/**
 * A check's outcome.
 *
 * @param failures how many rows, or groups of rows, break the rule
 * @param reason why it should hold; may be null
 */
public record CheckResult(
    String model, String check, Severity severity, long failures, @Nullable String reason) {
  public boolean passed() {
    return failures == 0;
  }
}
