package io.gkp.connector.cli.offsets;

import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.History;
import io.gkp.connector.operations.HistoryEvent;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code offsets history}. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = {
      "Lists runs, snapshots, resets, backfills and skips: who, when, why, rows.",
      "Newest first. A run that was killed has left no record of its own; its batches are in the"
          + " dataset's table checkpoints. --output json has the ids of the load jobs."
    })
public final class HistoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @Option(
      names = "--limit",
      paramLabel = "N",
      defaultValue = "50",
      description = "At most this many events. Default: 50.")
  private int limit;

  @Override
  public Integer call() {
    try (BothSides sides = BothSides.open(connection.exportConfig())) {
      List<HistoryEvent> events = new History(sides).newest(limit);
      PrintWriter out = spec.commandLine().getOut();
      if (output.isJson()) {
        OutputOption.print(out, Map.of("events", events));
      } else {
        new HistoryText(out).print(events);
      }
      return 0;
    }
  }
}
