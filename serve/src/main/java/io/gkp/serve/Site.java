package io.gkp.serve;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.doctor.Doctor;
import io.gkp.connector.operations.RunSummary;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.serve.access.Access;
import io.gkp.serve.access.Role;
import io.gkp.serve.api.EventsResource;
import io.gkp.serve.api.HealthResource;
import io.gkp.serve.api.OpenApi;
import io.gkp.serve.api.RequestsResource;
import io.gkp.serve.api.RunsResource;
import io.gkp.serve.backend.Backend;
import io.gkp.serve.backend.Cached;
import io.gkp.serve.http.Json;
import io.gkp.serve.http.Problem;
import io.gkp.serve.metrics.ExportMetrics;
import io.gkp.serve.page.Pages;
import io.gkp.serve.page.StaticFiles;
import io.gkp.serve.runs.RunControl;
import io.gkp.serve.runs.Runner;
import io.gkp.serve.view.ModelsReport;
import io.gkp.serve.view.ModelsView;
import io.gkp.serve.view.RunDetail;
import io.gkp.serve.view.RunView;
import io.gkp.serve.view.Status;
import io.gkp.serve.view.StatusView;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that is served, by path, and who may have it. */
final class Site implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Site.class);
  private static final int QUERY_THREADS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Access access;
  private final ExecutorService queries =
      Executors.newFixedThreadPool(
          QUERY_THREADS,
          task -> {
            Thread thread = new Thread(task, "queries");
            thread.setDaemon(true);
            return thread;
          });
  private final Cached<Status> status;
  private final Cached<List<Finding>> findings;
  private final Cached<ModelsReport> models;
  private final Cached<ModelsReport> checkedModels;
  private final HealthResource health;
  private final RunsResource runs;
  private final EventsResource events;
  private final RequestsResource requests;
  private final Cached<List<RunSummary>> charted;
  private final Pages pages;

  Site(Backend backend, Access access, Runner runner, RunControl control, Duration freshWithin) {
    this.access = access;
    StatusView view = new StatusView(freshWithin);
    this.status = cached(() -> backend.ask(view::of), Duration.ofSeconds(5));
    this.findings =
        cached(
            () -> new Doctor(backend.config(), Clock.systemUTC()).examine(),
            Duration.ofSeconds(30));
    ModelsView modelsView = new ModelsView(backend);
    this.models = cached(() -> modelsView.report(false), Duration.ofSeconds(30));
    this.checkedModels = cached(() -> modelsView.report(true), Duration.ofMinutes(10));
    this.health = new HealthResource(backend.config(), queries);
    this.runs = new RunsResource(backend, control, new RunView(runner), status::forget);
    this.events = new EventsResource(control);
    this.requests = new RequestsResource(backend, status::forget);
    this.charted = cached(() -> Pages.charted(backend), Duration.ofSeconds(5));
    this.pages = new Pages(backend, new PageAnswers());
  }

  private <T> Cached<T> cached(Supplier<T> source, Duration keep) {
    return new Cached<>(source, queries, keep, PATIENCE);
  }

  void routes(RoutesConfig routes) {
    routes.before(Site::headers);
    routes.beforeMatched(access::check);

    routes.get("/", pages::overview, Role.VIEWER);
    routes.get("/runs/{id}", pages::run, Role.VIEWER);
    routes.get("/tables", pages::table, Role.VIEWER);
    routes.get("/doctor", pages::doctor, Role.VIEWER);
    routes.get("/models", pages::models, Role.VIEWER);
    routes.get("/static/{name}", StaticFiles::send, Role.ANYBODY);

    routes.get("/healthz", health::alive, Role.ANYBODY);
    routes.get("/readyz", health::ready, Role.ANYBODY);

    routes.get(
        "/metrics",
        context ->
            context
                .contentType(ExportMetrics.CONTENT_TYPE)
                .result(ExportMetrics.text(status.get())),
        Role.VIEWER);
    routes.get("/api/openapi.json", OpenApi::send, Role.ANYBODY);
    routes.post("/api/session", this::signIn, Role.ANYBODY);
    routes.delete("/api/session", this::signOut, Role.ANYBODY);
    routes.get("/api/status", context -> Json.send(context, status.get()), Role.VIEWER);
    routes.get("/api/runs", runs::list, Role.VIEWER);
    routes.get("/api/runs/{id}", runs::get, Role.VIEWER);
    routes.get("/api/runs/{id}/events", events::handle, Role.VIEWER);
    routes.delete("/api/runs/{id}", runs::stop, Role.ADMIN);
    routes.post("/api/exports/bigquery/run", runs::start, Role.ADMIN);
    routes.get("/api/doctor", this::doctor, Role.VIEWER);
    routes.get("/api/models", this::models, Role.VIEWER);
    routes.get("/api/requests", requests::list, Role.VIEWER);
    routes.post("/api/requests", requests::make, Role.ADMIN);

    routes.exception(Problem.class, (problem, context) -> answer(context, problem));
    routes.exception(ExportException.class, (e, context) -> answer(context, Problem.of(e)));
    routes.exception(IOException.class, this::brokenOff);
    routes.exception(Exception.class, this::unexpected);
    for (int status : new int[] {404, 405, 413}) {
      routes.error(status, this::explain);
    }
  }

  /**
   * @see <a
   *     href="https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html">OWASP:
   *     HTTP headers</a>
   */
  private static void headers(Context context) {
    context.header("Cache-Control", "no-store");
    context.header(
        "Content-Security-Policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
    context.header("X-Content-Type-Options", "nosniff");
    context.header("Referrer-Policy", "no-referrer");
    context.header("Cross-Origin-Opener-Policy", "same-origin");
    context.header("Cross-Origin-Resource-Policy", "same-origin");
  }

  private void answer(Context context, Problem problem) {
    context.status(problem.status());
    if (isPage(context)) {
      pages.problem(context, problem);
      return;
    }
    if (problem.status() == 401) {
      context.header("WWW-Authenticate", "Bearer");
    }
    context.contentType(Problem.CONTENT_TYPE).result(Json.text(problem.json()));
  }

  private static boolean isPage(Context context) {
    String accepted = context.header("Accept");
    return accepted != null
        && accepted.contains("text/html")
        && !context.path().startsWith("/api/");
  }

  /** What the server itself refuses, in the same form. */
  private void explain(Context context) {
    String type = context.res().getContentType();
    boolean isSaid =
        type != null && (type.startsWith(Problem.CONTENT_TYPE) || type.startsWith("text/html"));
    if (!isSaid) {
      answer(
          context,
          new Problem(
              context.statusCode(),
              Failure.BAD_REQUEST,
              switch (context.statusCode()) {
                case 404 -> "There is nothing here.";
                case 405 -> "That method means nothing here.";
                default -> "The request is too large.";
              },
              "GET /api/openapi.json says what there is."));
    }
  }

  private void brokenOff(IOException e, Context context) {
    log.debug("{} {} was broken off", context.method(), context.path(), e);
    answer(context, Problem.badRequest("The request did not come whole.", "Send it again."));
  }

  private void unexpected(Exception e, Context context) {
    log.error("{} {} failed", context.method(), context.path(), e);
    answer(
        context,
        new Problem(
            500,
            Failure.INTERNAL,
            "Something unexpected happened (" + e.getClass().getSimpleName() + ").",
            "See the server's log, and report it."));
  }

  private record Token(String token) {}

  private void signIn(Context context) {
    String token = Json.read(context, Token.class).token();
    if (token == null) {
      throw Problem.badRequest("token is missing.", "Send {\"token\": ...}.");
    }
    access.signIn(context, token);
    context.status(204);
  }

  private void signOut(Context context) {
    access.signOut(context);
    context.status(204);
  }

  private void doctor(Context context) {
    List<Finding> found = findings.get();
    Map<String, Object> report = new LinkedHashMap<>();
    report.put(
        "status",
        found.stream().map(Finding::level).max(Comparator.naturalOrder()).orElse(Finding.Level.OK));
    report.put("findings", found);
    Json.send(context, report);
  }

  private void models(Context context) {
    boolean withChecks = "true".equals(context.queryParam("checks"));
    Json.send(context, (withChecks ? checkedModels : models).get());
  }

  private final class PageAnswers implements Pages.Answers {
    @Override
    public Status status() {
      return status.get();
    }

    @Override
    public List<Finding> findings() {
      return findings.get();
    }

    @Override
    public ModelsReport models(boolean withChecks) {
      return (withChecks ? checkedModels : models).get();
    }

    @Override
    public List<RunSummary> runs() {
      return charted.get();
    }

    @Override
    public RunDetail run(Context context) {
      return runs.find(context);
    }
  }

  @Override
  public void close() {
    events.close();
    queries.shutdownNow();
  }
}
