package io.gkp.sql.run;

import io.gkp.failure.Failure;
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

  /**
   * The exit code of a command that ran the models: the first failure's, else that of the checks.
   */
  public int exitCode() {
    return models.stream()
        .filter(m -> m.outcome() == Outcome.FAILED)
        .findFirst()
        .map(ModelResult::failure)
        .map(Failure::exitCode)
        .orElse(passed() ? 0 : Failure.MODELS_WRONG_DATA.exitCode());
  }
}
