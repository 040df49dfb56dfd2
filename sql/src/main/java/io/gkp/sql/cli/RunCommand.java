package io.gkp.sql.cli;

import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.run.CheckResult;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelResult;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.RunReport;
import io.gkp.sql.warehouse.ModelException.Fault;
import java.time.Period;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code models run}: creates or replaces the models. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Creates or replaces the models in dependency order, then makes their checks.",
    footer = {"", "Exit codes: 0 done; 65 a check found wrong data; 70 a model failed."})
final class RunCommand extends ModelCommand {
  @Option(
      names = "--fold",
      paramLabel = "WHEN",
      defaultValue = "auto",
      description =
          "When to fold changelogs into state tables: auto (they grew by a tenth), always, never."
              + " Default: auto.")
  private Fold fold;

  @Option(
      names = "--raw-retention-days",
      paramLabel = "N",
      description =
          "Delete raw rows ingested more than N days ago, as far as they are folded in. Default: keep.")
  private Integer rawRetentionDays;

  RunCommand(ModelsEnvironment environment) {
    super(environment);
  }

  /** Values of {@code --fold}. */
  enum Fold {
    auto(FoldPolicy.WHEN_WORTH_IT),
    always(FoldPolicy.ALWAYS),
    never(FoldPolicy.NEVER);

    private final FoldPolicy policy;

    Fold(FoldPolicy policy) {
      this.policy = policy;
    }
  }

  @Override
  int execute() {
    ModelConfig given = options.config(environment);
    ModelConfig config =
        new ModelConfig(
            given.datasets(),
            given.location(),
            fold.policy,
            Optional.ofNullable(rawRetentionDays).map(Period::ofDays));
    RunReport report =
        ModelRunner.run(
            options.connect(environment),
            config,
            options.selection(),
            options.json() ? ProgressListener.NONE : new Printer());
    if (options.json()) {
      printJson(report);
    }
    if (!report.ran()) {
      return Fault.INTERNAL.exitCode();
    }
    return report.passed() ? OK : Fault.DATA.exitCode();
  }

  /** Tells of each model as it is done. */
  private final class Printer implements ProgressListener {
    @Override
    public void finished(ModelResult result) {
      String what =
          switch (result.outcome()) {
            case DONE ->
                "%s%,d bytes read, job %s"
                    .formatted(
                        result.rows() < 0 ? "" : "%,d rows, ".formatted(result.rows()),
                        result.bytesProcessed(),
                        result.jobId());
            default -> result.outcome().name().toLowerCase(Locale.ROOT) + ": " + result.message();
          };
      out().printf("%-26s %s%n", result.model(), what);
      out().flush();
    }

    @Override
    public void checked(CheckResult result) {
      if (!result.passed()) {
        out()
            .printf(
                "%-26s %s: %s found %,d%s%n",
                result.model(),
                result.severity().name().toLowerCase(Locale.ROOT),
                result.check(),
                result.failures(),
                result.reason() == null ? "" : " (" + result.reason() + ")");
      }
    }
  }
}
