package io.gkp.connector.cli;

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
      "Newest first, with the ids of their load jobs. A run that was killed has left no record of its"
          + " own; its batches are in the dataset's table checkpoints."
    })
final class HistoryCommand implements Callable<Integer> {
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
        events.forEach(event -> print(out, event));
        out.flush();
      }
      return 0;
    }
  }

  private static void print(PrintWriter out, HistoryEvent event) {
    StringBuilder line = new StringBuilder();
    line.append("%-27s %-9s %-13s".formatted(event.at(), event.what(), event.outcome()));
    add(line, "", event.table());
    add(line, "", event.detail());
    add(line, "rows ", event.rows());
    add(line, "", event.errorCode());
    add(line, "", event.id());
    add(line, "by ", event.who());
    add(line, "because ", event.why());
    out.println(line);
    event.loadJobs().forEach(job -> out.println("    " + job));
  }

  private static void add(StringBuilder line, String label, Object value) {
    if (value != null) {
      line.append(' ').append(label).append(Printable.line(value.toString()));
    }
  }
}
