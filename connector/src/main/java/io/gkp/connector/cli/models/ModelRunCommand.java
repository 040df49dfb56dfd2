package io.gkp.connector.cli.models;

import io.gkp.connector.cli.options.OutputOption;
import io.gkp.sql.run.CheckResult;
import io.gkp.sql.run.ModelResult;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.RunReport;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code models run}: creates or replaces the models. */
@Command(
    name = "run",
    mixinStandardHelpOptions = true,
    description = "Creates or replaces the models in dependency order, then makes their checks.",
    footer = {
      "",
      "Exit codes: 0 done; 65 a check of severity fail found wrong data. Where a model failed, why: 69",
      "BigQuery unavailable; 70 internal error; 77 permission missing; 78 configuration, or more than",
      "this BigQuery evaluates in one query."
    })
final class ModelRunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions options;
  @Mixin private OutputOption output;
  @Mixin private ModelRunOptions runOptions;

  @Override
  public Integer call() {
    ModelOptions.Warehouse warehouse = options.connect(runOptions.flags());
    RunReport report =
        ModelRunner.run(
            warehouse.client(),
            warehouse.config(),
            options.selection(),
            output.isJson() ? ProgressListener.NONE : new Printer());
    if (output.isJson()) {
      OutputOption.print(out(), report);
    }
    return report.exitCode();
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
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
                        result.rows() == null ? "" : "%,d rows, ".formatted(result.rows()),
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
