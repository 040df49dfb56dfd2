package io.gkp.connector.cli.offsets;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.cli.text.Counts;
import io.gkp.connector.cli.text.Sizes;
import io.gkp.connector.operations.Backfills;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.Operator;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code offsets backfill}. */
@Command(
    name = "backfill",
    mixinStandardHelpOptions = true,
    description = {
      "Has some rows of a table read again; the next run does it.",
      "Which rows is said by --where, --since or --keys. The condition is planned by the server now and"
          + " executed by the run, read-only, with a timeout. Rows that were deleted in Postgres are not"
          + " found: offsets reset removes those.",
      "",
      "Examples:",
      "",
      "  ./gkp_cli offsets backfill --table query_logs --keys q-17,q-18 --yes --reason 'ticket 4711'",
      "  ./gkp_cli offsets backfill --table query_logs --where \"status = 'failed'\" --yes",
      "  ./gkp_cli offsets backfill --table query_logs --since created_at=1764547200 --dry-run"
    })
final class BackfillCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;
  @Mixin private Confirmation confirmation;

  @Option(names = "--table", paramLabel = "T", required = true, description = "Captured table.")
  @SuppressWarnings("NullAway.Init") // required
  private String table;

  @ArgGroup(multiplicity = "1")
  private Rows rows;

  private static final class Rows {
    @Option(
        names = "--where",
        paramLabel = "CONDITION",
        description = "One Postgres expression over the table's columns.")
    private @Nullable String where;

    @Option(
        names = "--since",
        paramLabel = "COLUMN=VALUE",
        description = "Rows whose column is at least the value.")
    private @Nullable String since;

    @Option(
        names = "--keys",
        paramLabel = "K",
        split = ",",
        description = "Rows with these keys; for a key of one column.")
    private @Nullable List<String> keys;
  }

  @Override
  public Integer call() {
    try (BothSides sides = BothSides.open(connection.exportConfig())) {
      Backfills backfills = new Backfills(sides.of(table), Clock.systemUTC());
      Backfills.Plan plan = plan(backfills);
      if (confirmation.dryRun) {
        printPlan(plan);
        return 0;
      }
      if (!confirmation.yes) {
        spec.commandLine().getErr().println(describe(plan));
      }
      confirmation.require("Read these rows again at the next run?");
      print(backfills.request(plan, Operator.name(), confirmation.reason));
      return 0;
    }
  }

  private Backfills.Plan plan(Backfills backfills) {
    if (rows.where != null) {
      return backfills.where(table, rows.where);
    }
    return rows.since != null
        ? backfills.since(table, rows.since)
        : backfills.keys(table, requireNonNull(rows.keys));
  }

  private static String describe(Backfills.Plan plan) {
    return "%s where %s: about %s%s"
        .formatted(
            plan.table(),
            plan.condition(),
            Counts.of(plan.estimatedRows(), "row"),
            Sizes.byRate(plan.seconds()));
  }

  private void printPlan(Backfills.Plan plan) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("dry_run", true);
      report.put("table", plan.table());
      report.put("condition", plan.condition());
      report.put("estimated_rows", plan.estimatedRows());
      report.put("seconds", plan.seconds());
      OutputOption.print(out, report);
    } else {
      out.println(describe(plan));
      out.println("Nothing was recorded (--dry-run).");
      out.flush();
    }
  }

  private void print(Backfills.Queued queued) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.print(out, queued);
      return;
    }
    out.println(
        "%s is recorded; %s reads the rows."
            .formatted(
                queued.requestId(),
                queued.run() == null
                    ? "the next run"
                    : "the run that is going ("
                        + queued.run()
                        + "), or else the next one, after its stream"));
    out.flush();
  }
}
