package io.gkp.connector.cli.offsets;

import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.OffsetsInspection;
import io.gkp.connector.operations.OffsetsReport;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code offsets show}. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = {
      "Shows checkpoint, slot, lag, retained WAL and the state of every table.",
      "The checkpoint is up to where everything is in the dataset; the slot makes Postgres keep the"
          + " WAL behind it; lag is what was written since. An epoch is one snapshot of a table and"
          + " the changes since: analysts see the newest completed one. Requests that wait for a run"
          + " are listed, too.",
      "",
      "Example:",
      "",
      "  ./gkp_cli offsets show --config gkp.properties --output json"
    })
public final class ShowCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @Override
  public Integer call() {
    try (BothSides sides = BothSides.open(connection.exportConfig())) {
      OffsetsReport report = new OffsetsInspection(sides, Clock.systemUTC()).report();
      PrintWriter out = spec.commandLine().getOut();
      if (output.isJson()) {
        OutputOption.print(out, report);
      } else {
        new OffsetsText(out).print(report);
      }
      return 0;
    }
  }
}
