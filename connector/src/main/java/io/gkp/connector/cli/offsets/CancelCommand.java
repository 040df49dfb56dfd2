package io.gkp.connector.cli.offsets;

import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.cli.text.Printable;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.Cancellations;
import io.gkp.connector.operations.Operator;
import io.gkp.offsets.Request;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code offsets cancel}. */
@Command(
    name = "cancel",
    mixinStandardHelpOptions = true,
    description = {
      "Withdraws a backfill that waits; no run carries it out.",
      "A run that has begun it already finishes it. offsets show has the ids of what waits, offsets"
          + " history keeps what was withdrawn.",
      "",
      "Example:",
      "",
      "  ./gkp_cli offsets cancel --request backfill-20260101-120000-0a1b2c --yes --reason 'wrong table'"
    })
final class CancelCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;
  @Mixin private Confirmation confirmation;

  @Option(
      names = "--request",
      paramLabel = "ID",
      required = true,
      description = "The request to withdraw.")
  @SuppressWarnings("NullAway.Init") // required
  private String id;

  @Override
  public Integer call() {
    try (BothSides sides = BothSides.open(connection.exportConfig())) {
      Cancellations cancellations = new Cancellations(sides, Clock.systemUTC());
      Request request = cancellations.waiting(id);
      if (confirmation.dryRun) {
        print(request, null);
        return 0;
      }
      if (!confirmation.yes) {
        spec.commandLine().getErr().println(describe(request));
      }
      confirmation.require("Withdraw this request?");
      print(request, cancellations.cancel(request, Operator.name(), confirmation.reason));
      return 0;
    }
  }

  private static String describe(Request request) {
    return "%s: backfill of %s where %s, asked for by %s at %s"
        .formatted(
            request.id(),
            Printable.line(request.table()),
            Printable.line(request.filter()),
            Printable.line(request.by()),
            request.changedAt());
  }

  /**
   * @param run session of a run that is going, null where there is none
   */
  private void print(Request request, @Nullable String run) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("dry_run", confirmation.dryRun);
      report.put("request_id", request.id());
      report.put("table", request.table());
      report.put("condition", request.filter());
      report.put("state", confirmation.dryRun ? "requested" : "cancelled");
      report.put("run", run);
      OutputOption.print(out, report);
      return;
    }
    out.println(describe(request));
    out.println(
        confirmation.dryRun
            ? "Nothing was changed (--dry-run)."
            : "It is withdrawn."
                + (run == null
                    ? ""
                    : " A run is going (" + run + "); where it has begun this, it finishes it."));
    out.flush();
  }
}
