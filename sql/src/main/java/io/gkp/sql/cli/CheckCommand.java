package io.gkp.sql.cli;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.sql.analysis.ModelAnalysis;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.model.Severity;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.run.CheckResult;
import io.gkp.sql.run.DataChecks;
import io.gkp.sql.run.WatermarkCheck;
import io.gkp.sql.warehouse.ModelException.Fault;
import io.gkp.sql.warehouse.QueryJobs;
import io.gkp.sql.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code models check}: do the models fit the raw tables, and do their data keep their promises?
 */
@Command(
    name = "check",
    mixinStandardHelpOptions = true,
    description = {
      "Type-checks every model against the raw tables as they are, with Google's GoogleSQL analyzer,",
      "then makes the checks of the models that exist."
    },
    footer = {
      "",
      "Exit codes: 0 fine (checks of severity warn may have found something); 65 a check of severity",
      "fail found wrong data; 70 a model does not fit the raw tables."
    })
final class CheckCommand extends ModelCommand {
  private final ModelCatalog catalog;

  @Option(
      names = "--offline",
      description = "Connect to nothing: type-check against the platform's documented tables.")
  private boolean offline;

  CheckCommand(ModelsEnvironment environment, ModelCatalog catalog) {
    super(environment);
    this.catalog = catalog;
  }

  /** What was found. */
  record Findings(
      Map<String, String> problems, Map<String, String> skipped, List<CheckResult> checks) {}

  @Override
  int execute() {
    Findings findings = offline ? offline() : live();
    if (options.json()) {
      printJson(findings);
    } else {
      print(findings);
    }
    if (!findings.problems().isEmpty()) {
      return Fault.INTERNAL.exitCode();
    }
    boolean passed =
        findings.checks().stream().allMatch(c -> c.passed() || c.severity() == Severity.WARN);
    return passed ? OK : Fault.DATA.exitCode();
  }

  private Findings offline() {
    Datasets datasets = options.datasetsOrPlaceholders(environment);
    ModelSource source = ModelSource.documented(catalog, datasets);
    return new Findings(problems(source, datasets), source.models().skipped(), List.of());
  }

  private Findings live() {
    Datasets datasets = options.datasets(environment);
    BigQuery client = options.connect(environment);
    ModelSource source = ModelSource.live(catalog, datasets, client);
    Map<String, String> problems = problems(source, datasets);
    Warehouse warehouse = new Warehouse(client, datasets);
    List<RenderedModel> existing =
        options.selection().of(source.models().models()).stream()
            .filter(m -> !problems.containsKey(m.name()))
            .filter(m -> warehouse.find(m.layer(), m.name()).isPresent())
            .toList();
    QueryJobs jobs = QueryJobs.at(client, datasets, options.config(environment).location());
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
    return new Findings(problems, source.models().skipped(), checks);
  }

  private Map<String, String> problems(ModelSource source, Datasets datasets) {
    return new ModelAnalysis(catalog, datasets, source.rawTables(), source.models()::layer)
        .problems(source.models().models());
  }

  private static String reason(CheckResult check) {
    return check.reason() == null ? "" : " (" + check.reason() + ")";
  }

  private void print(Findings findings) {
    findings.problems().forEach((model, problem) -> out().printf("%-26s %s%n", model, problem));
    findings.skipped().forEach((model, why) -> out().printf("%-26s not: %s%n", model, why));
    for (CheckResult check : findings.checks()) {
      out()
          .printf(
              "%-26s %-5s %s%s%n",
              check.model(),
              check.passed() ? "ok" : check.severity().name().toLowerCase(Locale.ROOT),
              check.check(),
              check.passed() ? "" : ": " + check.failures() + reason(check));
    }
  }
}
