package io.gkp.connector.cli.models;

import io.gkp.bigquery.QueryJobs;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.cli.text.Counts;
import io.gkp.failure.ExitCode;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.sql.analysis.DryRuns;
import io.gkp.sql.analysis.ModelAnalysis;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.model.Severity;
import io.gkp.sql.render.CheckQueries;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.run.CheckResult;
import io.gkp.sql.run.DataChecks;
import io.gkp.sql.run.ModelSource;
import io.gkp.sql.run.WatermarkCheck;
import io.gkp.sql.warehouse.Warehouse;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * {@code models check}: do the models fit the raw tables, and do their data keep their promises?
 */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Checks that every model fits the tables, and that their data pass the checks.",
      "BigQuery's dry runs, which are free, type-check each model against the tables and views as they"
          + " are. The checks of the data then read the models that exist."
    },
    footer = {
      "",
      "Exit codes: 0 fine (checks of severity warn may have found something); 65 a check of severity",
      "fail found wrong data; 70 a model does not fit the raw tables."
    })
final class ModelCheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ModelOptions options;
  @Mixin private OutputOption output;

  @Option(
      names = "--offline",
      description = {
        "Connect to nothing: type-check against the platform's documented tables, by Google's GoogleSQL",
        "analyzer, which the image does not have."
      })
  private boolean offline;

  /**
   * What was found.
   *
   * @param fitting number of models without a problem
   * @param problems what does not fit, by model
   * @param skipped why a model was not looked at, by model
   */
  record Findings(
      int fitting,
      Map<String, String> problems,
      Map<String, String> skipped,
      List<CheckResult> checks) {}

  @Override
  public Integer call() {
    Findings findings = offline ? offline() : live();
    if (output.isJson()) {
      OutputOption.print(spec.commandLine().getOut(), findings);
    } else {
      print(findings);
    }
    if (!findings.problems().isEmpty()) {
      return Failure.MODELS_FAILED.exitCode();
    }
    boolean passed =
        findings.checks().stream().allMatch(c -> c.passed() || c.severity() == Severity.WARN);
    return passed ? ExitCode.OK : Failure.MODELS_WRONG_DATA.exitCode();
  }

  private Findings offline() {
    if (!ModelAnalysis.isPossible()) {
      throw new ExportException(
          Failure.USAGE,
          "Google's GoogleSQL analyzer, which --offline needs, is not part of this class path.",
          "Run ./gkp_cli models check --offline in a checkout, or leave --offline out.");
    }
    ModelSource source = options.source(ModelCatalog.bundled(), true);
    Collection<RenderedModel> models = source.models().models();
    Map<String, String> problems =
        new ModelAnalysis(
                ModelCatalog.bundled(),
                source.datasets(),
                source.rawTables(),
                source.models()::layer)
            .problems(models);
    return new Findings(
        models.size() - problems.size(), problems, source.models().skipped(), List.of());
  }

  private Findings live() {
    ModelOptions.Warehouse configured = options.connect(Map.of());
    Datasets datasets = configured.config().datasets();
    ModelSource source = ModelSource.live(ModelCatalog.bundled(), datasets, configured.client());
    Warehouse warehouse = new Warehouse(configured.client(), datasets);
    QueryJobs jobs = warehouse.jobs(configured.config().location());
    DryRuns.Found found =
        new DryRuns(
                jobs,
                warehouse,
                new CheckQueries(datasets, source.models()::layer),
                source.models()::layer)
            .check(source.models().models());
    Map<String, String> skipped = new LinkedHashMap<>(source.models().skipped());
    skipped.putAll(found.unknown());
    List<RenderedModel> existing =
        options.selection().of(source.models().models()).stream()
            .filter(m -> !found.problems().containsKey(m.name()))
            .filter(m -> !found.unknown().containsKey(m.name()))
            .filter(m -> warehouse.find(m.layer(), m.name()).isPresent())
            .toList();
    List<CheckResult> checks =
        new ArrayList<>(new DataChecks(jobs, datasets, source.models()::layer).of(existing));
    WatermarkCheck watermarks = new WatermarkCheck(jobs, datasets);
    for (RenderedModel model : existing) {
      source
          .models()
          .latestOf(model.name())
          .flatMap(table -> source.watermark(table).map(mark -> watermarks.of(table, mark)))
          .ifPresent(checks::add);
    }
    int fitting =
        source.models().models().size() - found.problems().size() - found.unknown().size();
    return new Findings(fitting, found.problems(), skipped, checks);
  }

  private static String reason(CheckResult check) {
    return check.reason() == null ? "" : " (" + check.reason() + ")";
  }

  private void print(Findings findings) {
    PrintWriter out = spec.commandLine().getOut();
    findings.problems().forEach((model, problem) -> out.printf("%-26s %s%n", model, problem));
    findings.skipped().forEach((model, why) -> out.printf("%-26s not: %s%n", model, why));
    for (CheckResult check : findings.checks()) {
      out.printf(
          "%-26s %-5s %s%s%n",
          check.model(),
          check.passed() ? "ok" : check.severity().name().toLowerCase(Locale.ROOT),
          check.check(),
          check.passed() ? "" : ": " + check.failures() + reason(check));
    }
    out.printf(
        "%s %s.%n",
        Counts.of(findings.fitting(), "model"),
        offline
            ? "fit"
                + (findings.fitting() == 1 ? "s" : "")
                + " the documented tables; the checks of the data need a connection"
            : "fit%s the tables; %s of %s of the data passed"
                .formatted(
                    findings.fitting() == 1 ? "s" : "",
                    findings.checks().stream().filter(CheckResult::passed).count(),
                    Counts.of(findings.checks().size(), "check")));
    out.flush();
  }
}
