package io.gkp.sql.run;

import io.gkp.sql.model.Severity;
import io.gkp.sql.run.ModelResult.Outcome;
import java.util.List;

/** What a run did, in its order. */
public record RunReport(List<ModelResult> models, List<CheckResult> checks) {
  /** Whether no model failed. */
  public boolean ran() {
    return models.stream().noneMatch(m -> m.outcome() == Outcome.FAILED);
  }

  /** Whether no check of severity {@code fail} found anything. */
  public boolean passed() {
    return checks.stream().allMatch(c -> c.passed() || c.severity() == Severity.WARN);
  }
}
