package io.gkp.demo;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.cli.text.TextTable;
import io.gkp.demo.question.Answer;
import io.gkp.demo.question.Comparison;
import io.gkp.demo.question.LocalDataset;
import io.gkp.demo.question.Question;
import io.gkp.demo.question.Questions;
import io.gkp.demo.servers.EmbeddedPostgresServer;
import io.gkp.demo.terminal.Console;
import io.gkp.demo.workload.Change;
import io.gkp.demo.workload.GkpTables;
import io.gkp.demo.workload.NextDay;
import io.gkp.demo.workload.Row;
import io.gkp.demo.workload.TableCopy;
import io.gkp.demo.workload.Workload;
import io.gkp.sql.run.CheckResult;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The story, in order: a source with four weeks of history, the first export, one more day, the
 * second export, questions, and whether it all adds up.
 */
final class Demo {
  private final Console console;
  private final EmbeddedPostgresServer postgres;
  private final Workload workload;
  private final long seed;
  private final LocalDataset dataset;
  private final DemoResult result = new DemoResult();

  Demo(
      Console console,
      EmbeddedPostgresServer postgres,
      LocalDataset dataset,
      Workload workload,
      long seed) {
    this.console = console;
    this.postgres = postgres;
    this.workload = workload;
    this.seed = seed;
    this.dataset = dataset;
  }

  DemoResult play() throws Exception {
    try (Connection connection = postgres.connect()) {
      Map<String, List<Row>> history = fill(connection);

      console.heading("2. The first export takes everything that is there");
      export("Exporting");

      console.heading("3. One more day in Postgres: " + workload.nextDay());
      liveOneMoreDay(connection, history);

      console.heading("4. The second export takes only what changed");
      export("Exporting again");

      console.heading("5. Questions to BigQuery");
      Questions.RAW.forEach(this::ask);
      runModels();
      Questions.MODELLED.forEach(this::ask);

      console.heading("6. Does it add up?");
      compare(connection);
    }
    return result;
  }

  private Map<String, List<Row>> fill(Connection connection) throws Exception {
    console.heading("1. A Postgres with four weeks of a platform's history");
    Map<String, List<Row>> history = workload.history();
    console.step(
        "Writing " + workload.firstDay() + " to " + workload.nextDay().minusDays(1),
        () -> {
          GkpTables.create(connection);
          for (String table : GkpTables.NAMES) {
            result.sourceRows(
                table, TableCopy.insert(connection, table, requireNonNull(history.get(table))));
          }
          GkpTables.grantExport(connection, postgres.password());
          return null;
        });
    List<List<String>> rows = new ArrayList<>();
    for (String table : GkpTables.NAMES) {
      rows.add(List.of(table, Console.count(GkpTables.rows(connection, table))));
    }
    console.table(new TextTable(List.of("table", "rows"), rows));
    return history;
  }

  private void export(String what) throws Exception {
    String url = postgres.url(GkpTables.EXPORTER_ROLE, postgres.password());
    ExportRun run = console.step(what, () -> ExportRun.start(url, dataset.config()));
    result.export(run);
    console.table(run.table());
    run.report().schemaChanges().forEach(console::say);
    console.say(
        "Complete: everything committed before the run began, up to "
            + run.report().fenceLsn()
            + " in Postgres's log.");
    run.of(GkpTables.QUERY_LOGS).loadJobs().stream()
        .findFirst()
        .ifPresent(job -> console.say("One of its load jobs: " + job));
  }

  private void liveOneMoreDay(Connection connection, Map<String, List<Row>> history)
      throws Exception {
    NextDay nextDay = new NextDay(workload, history, seed);
    result.changes(console.step("Working", () -> nextDay.play(connection)));
    List<List<String>> rows = new ArrayList<>();
    for (Change change : result.changes()) {
      rows.add(
          List.of(
              change.table(),
              change.story(),
              Console.count(change.inserts()),
              Console.count(change.updates()),
              Console.count(change.deletes())));
    }
    console.table(
        new TextTable(List.of("table", "what happened", "inserts", "updates", "deletes"), rows));
  }

  private void runModels() throws Exception {
    console.blank();
    ModelsRun run = console.step("Running the SQL models", () -> ModelsRun.start(dataset.client()));
    result.models(run);
    console.say(
        "Built: latest_* (the newest version of each row), curated_* (with types), marts_* (figures).");
    console.say(
        "%d checks of the data made, %d of them would warn an operator%s"
            .formatted(run.checks(), run.warnings().size(), run.warnings().isEmpty() ? "." : ":"));
    for (CheckResult warning : run.warnings()) {
      console.say("  %s: %s (%s)".formatted(warning.model(), warning.check(), warning.reason()));
    }
  }

  private void ask(Question question) {
    Answer answer = dataset.ask(question);
    result.answer(answer);
    console.blank();
    console.say(question.words());
    console.aside(question.sql());
    console.blank();
    console.table(answer.table());
  }

  private void compare(Connection connection) throws Exception {
    Proof proof = new Proof(result);
    List<Comparison> comparisons =
        console.step(
            "Comparing every value of the latest_* views with Postgres",
            () -> {
              List<Comparison> found = new ArrayList<>();
              for (String table : GkpTables.NAMES) {
                found.add(Comparison.of(connection, dataset, table));
              }
              return found;
            });
    proof.check(comparisons);
    result.checks().forEach((claim, holds) -> console.check(holds, claim));
  }
}
