package io.gkp.connector.cli.offsets;

import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.Operator;
import io.gkp.connector.operations.PendingTransaction;
import io.gkp.connector.operations.Skips;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code offsets skip}. */
@Command(
    name = "skip",
    mixinStandardHelpOptions = true,
    description = {
      "LOSES DATA: leaves one transaction out, for ever.",
      "For the one that stops every run: the next one behind the checkpoint. Without --transaction it"
          + " only shows which one that is and what it holds; and those before it that hold changes of"
          + " other tables alone, which can be left out too. Afterwards offsets backfill or offsets"
          + " reset can bring the rows that still exist.",
      "",
      "Examples:",
      "",
      "  ./gkp_cli offsets skip",
      "  ./gkp_cli offsets skip --transaction 48213 --yes --reason 'incident 14'"
    })
final class SkipCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;
  @Mixin private Confirmation confirmation;

  @Option(
      names = "--transaction",
      paramLabel = "XID",
      description = "The transaction to leave out; it must be the next one.")
  private @Nullable Long transaction;

  @Override
  public Integer call() throws InterruptedException {
    try (BothSides sides = BothSides.open(connection.exportConfig())) {
      Skips skips = new Skips(sides.one(), Clock.systemUTC());
      if (transaction == null || confirmation.dryRun) {
        print(skips.pending(), false);
        return 0;
      }
      confirmation.require("Leave transaction " + transaction + " out, for ever?");
      print(List.of(skips.skip(transaction, Operator.name(), confirmation.reason)), true);
      return 0;
    }
  }

  /**
   * @param pending the last of them is the next that a run would keep, where there is one
   */
  private void print(List<PendingTransaction> pending, boolean skipped) {
    PrintWriter out = spec.commandLine().getOut();
    int last = pending.size() - 1;
    Optional<PendingTransaction> next =
        pending.isEmpty()
            ? Optional.empty()
            : Optional.of(pending.get(pending.get(last).isCaptured() ? last : 0));
    if (output.isJson()) {
      Map<String, Object> report = new LinkedHashMap<>();
      report.put("skipped", skipped);
      report.put("transaction", next.map(PendingTransaction::xid).orElse(null));
      report.put("end_lsn", next.map(t -> t.end().toString()).orElse(null));
      report.put("changes", next.map(PendingTransaction::changes).orElse(null));
      report.put(
          "before",
          pending.stream()
              .filter(other -> !other.isCaptured())
              .map(
                  other ->
                      Map.of(
                          "transaction", other.xid(),
                          "end_lsn", other.end().toString(),
                          "others", other.others()))
              .toList());
      OutputOption.print(out, report);
      return;
    }
    if (next.isEmpty()) {
      out.println("No transaction with changes of published tables is waiting.");
    } else {
      for (PendingTransaction other : pending) {
        if (!other.isCaptured()) {
          out.println(
              "%s transaction %d, up to LSN %s, which holds nothing of captured tables: %s"
                  .formatted(
                      skipped ? "SKIPPED" : "before it is",
                      other.xid(),
                      other.end(),
                      String.join(", ", other.others().keySet())));
        }
      }
    }
    if (next.isPresent() && next.get().isCaptured()) {
      out.println(
          "%s transaction %d, up to LSN %s:"
              .formatted(skipped ? "SKIPPED" : "next is", next.get().xid(), next.get().end()));
      next.get()
          .changes()
          .forEach((table, count) -> out.println("  %s: %,d changes".formatted(table, count)));
    }
    out.flush();
  }
}
