package io.gkp.connector.cli.offsets;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.cli.text.Counts;
import io.gkp.connector.cli.text.Sizes;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.Operator;
import io.gkp.connector.operations.TableResets;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.ResetAll;
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

/** {@code offsets reset}. */
@Command(
    name = "reset",
    mixinStandardHelpOptions = true,
    description = {
      "Has tables read anew; the next run does it.",
      "Analysts see the old state until the new one is complete, then all of it at once; rows deleted"
          + " in Postgres meanwhile are gone then. --table leaves the slot and all other tables"
          + " alone, and may be asked for while a run is going. --all gives the position up: it"
          + " drops and recreates the slot, for one that is lost, missing or ahead, a restored or"
          + " deleted dataset, a failover, a restored Postgres.",
      "",
      "Examples:",
      "",
      "  ./gkp_cli offsets reset --table query_logs --dry-run",
      "  ./gkp_cli offsets reset --table query_logs --yes --reason 'repaired by hand'",
      "  ./gkp_cli offsets reset --all --yes --reason 'slot lost, incident 12'"
    })
final class ResetCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;
  @Mixin private Confirmation confirmation;

  @ArgGroup(multiplicity = "1")
  private What what;

  private static final class What {
    @Option(
        names = "--table",
        paramLabel = "T",
        split = ",",
        description = "Table to snapshot again.")
    private @Nullable List<String> tables;

    @Option(names = "--all", description = "Start over with a new slot.")
    private boolean all;
  }

  @Override
  public Integer call() {
    try (BothSides sides = BothSides.open(connection.exportConfig())) {
      TableResets resets = new TableResets(what.all ? sides.one() : sides, Clock.systemUTC());
      List<TableResets.Plan> plans =
          what.all ? resets.planAll() : resets.plan(requireNonNull(what.tables));
      if (confirmation.dryRun) {
        printPlan(spec.commandLine().getOut(), plans);
        return 0;
      }
      if (!confirmation.yes) {
        printText(spec.commandLine().getErr(), plans);
      }
      confirmation.require(
          what.all
              ? "Drop and recreate the slot and snapshot all tables again?"
              : "Snapshot again at the next run?");
      if (what.all) {
        print(resets.resetAll(Operator.name(), confirmation.reason));
      } else {
        print(resets.request(requireNonNull(what.tables), Operator.name(), confirmation.reason));
      }
      return 0;
    }
  }

  private void printPlan(PrintWriter out, List<TableResets.Plan> plans) {
    if (output.isJson()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("dry_run", true);
      report.put("new_slot", what.all);
      report.put("tables", plans);
      OutputOption.print(out, report);
    } else {
      printText(out, plans);
      out.println("Nothing was changed (--dry-run).");
      out.flush();
    }
  }

  private void printText(PrintWriter out, List<TableResets.Plan> plans) {
    for (TableResets.Plan plan : plans) {
      out.println(
          "%s: %s, %s%s"
              .formatted(
                  plan.table(),
                  plan.estimatedRows() == null
                      ? "an unknown number of rows"
                      : "about " + Counts.of(plan.estimatedRows(), "row"),
                  Sizes.text(plan.bytes()),
                  Sizes.byRate(plan.seconds())));
    }
    if (what.all) {
      out.println("The replication slot is dropped and created anew; the position is given up.");
    }
    out.flush();
  }

  private void print(List<TableResets.Queued> queued) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.print(out, Map.of("requested", queued));
      return;
    }
    for (TableResets.Queued table : queued) {
      out.println(
          "%s: epoch %d %s; the next run takes its snapshot.%s"
              .formatted(
                  table.table(),
                  table.epoch(),
                  table.alreadyRequested() ? "had been requested already" : "is requested",
                  table.run() == null
                      ? ""
                      : " A run is going (" + table.run() + "); it is not disturbed."));
    }
    out.flush();
  }

  private void print(ResetAll.Outcome outcome) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("request_id", outcome.requestId());
      report.put("slot_start_lsn", outcome.slotStart().toString());
      report.put("lineage", outcome.checkpoint().lineage());
      report.put("n", outcome.checkpoint().n());
      report.put("requested", outcome.tables().stream().map(Epoch::table).toList());
      OutputOption.print(out, report);
      return;
    }
    out.println(
        "A new slot begins at %s; the next run takes new snapshots (%s)."
            .formatted(outcome.slotStart(), outcome.requestId()));
    out.flush();
  }
}
