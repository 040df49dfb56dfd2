package io.gkp.serve.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.operations.RunHistory;
import io.gkp.connector.operations.RunSummary;
import io.gkp.serve.access.Caller;
import io.gkp.serve.backend.Backend;
import io.gkp.serve.http.Problem;
import io.gkp.serve.view.ModelsReport;
import io.gkp.serve.view.RunDetail;
import io.gkp.serve.view.Status;
import io.gkp.serve.view.TableDetail;
import io.gkp.serve.view.TableView;
import io.javalin.http.Context;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The operators' pages. What they show comes from where the API's answers come from. */
public final class Pages {
  private static final int SHOWN_RUNS = 15;
  private static final int CHARTED_RUNS = 400;
  private static final int REFRESH_SECONDS = 10;

  private final Backend backend;
  private final Answers answers;

  /** What the API answers, too. */
  public interface Answers {
    Status status();

    List<Finding> findings();

    ModelsReport models(boolean withChecks);

    /** Newest first. */
    List<RunSummary> runs();

    /**
     * @throws Problem 404
     */
    RunDetail run(Context context);
  }

  public Pages(Backend backend, Answers answers) {
    this.backend = backend;
    this.answers = answers;
  }

  /** The newest runs, as many as the charts show. */
  public static List<RunSummary> charted(Backend backend) {
    return backend.ask(sides -> new RunHistory(sides).newest(CHARTED_RUNS, null));
  }

  public void overview(Context context) {
    Status status = answers.status();
    List<RunSummary> runs = answers.runs();
    List<Map.Entry<String, Status.Table>> tables =
        status.tables().entrySet().stream()
            .sorted(
                Comparator.comparing(
                    (Map.Entry<String, Status.Table> table) -> !table.getValue().isUnfinished()))
            .toList();
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("status", status);
    parameters.put("runs", runs.stream().limit(SHOWN_RUNS).toList());
    parameters.put("charts", Charts.of(runs, Instant.now()));
    parameters.put("tables", tables);
    send(context, "overview", "Overview", REFRESH_SECONDS, parameters);
  }

  public void run(Context context) {
    RunDetail run = answers.run(context);
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("run", run);
    parameters.put("jobs", new JobLinks(backend.config().destination()));
    RunSummary summary = run.summary();
    parameters.put("phases", summary == null ? Map.of() : summary.phasesMs());
    parameters.put("schemaChanges", schemaChanges(summary));
    parameters.put("warnings", warnings(run.report()));
    send(context, "run", run.runId(), 0, parameters);
  }

  private static List<String> schemaChanges(@Nullable RunSummary summary) {
    return summary == null
        ? List.of()
        : summary.tables().values().stream()
            .flatMap(table -> table.schemaChanges().stream())
            .toList();
  }

  private static List<String> warnings(@Nullable JsonNode report) {
    return report == null
        ? List.of()
        : StreamSupport.stream(report.path("warnings").spliterator(), false)
            .map(warning -> warning.path("what").asText())
            .toList();
  }

  public void table(Context context) {
    String name = context.queryParam("name");
    Status.Table status = name == null ? null : answers.status().tables().get(name);
    if (status == null) {
      throw Problem.notFound("No such table is captured.");
    }
    TableDetail table = backend.ask(sides -> new TableView(backend).of(sides, name));
    send(context, "table", name, 0, Map.of("table", table, "status", status));
  }

  public void doctor(Context context) {
    List<Finding> findings = answers.findings();
    send(
        context,
        "doctor",
        "Doctor",
        0,
        Map.of(
            "errors", only(findings, Finding.Level.ERROR),
            "warnings", only(findings, Finding.Level.WARNING),
            "fine", only(findings, Finding.Level.OK)));
  }

  private static List<Finding> only(List<Finding> findings, Finding.Level level) {
    return findings.stream().filter(finding -> finding.level() == level).toList();
  }

  public void models(Context context) {
    ModelsReport report = answers.models("true".equals(context.queryParam("checks")));
    List<ModelsReport.Check> broken =
        report.checks() == null
            ? List.of()
            : report.checks().stream()
                .filter(check -> check.failures() > 0)
                .sorted(Comparator.comparing(check -> !check.severity().equals("fail")))
                .toList();
    send(
        context,
        "models",
        "Models",
        0,
        Map.of("report", report, "lineage", Lineage.of(report.models()), "broken", broken));
  }

  /** In the place of a page that somebody may not have, or that cannot be made. */
  public void problem(Context context, Problem problem) {
    send(
        context,
        problem.status() == 401 ? "sign_in" : "problem",
        problem.status() == 401 ? "Sign in" : "Problem",
        0,
        problem.status() == 401 ? Map.of() : Map.of("problem", problem));
  }

  private void send(
      Context context,
      String template,
      String title,
      int refreshSeconds,
      Map<String, Object> parameters) {
    Map<String, Object> all = new HashMap<>(parameters);
    all.put("frame", Frame.of(title, context.path(), Caller.of(context), refreshSeconds, backend));
    Templates.send(context, template, all);
  }
}
