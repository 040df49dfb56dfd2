package io.gkp.connector.cli.offsets;

import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.ShardPlans;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code offsets shards}. */
@Command(
    name = "shards",
    mixinStandardHelpOptions = true,
    description = {
      "Shows which shard exports which table, or divides the tables into another number of shards.",
      "A table that gets another shard is read anew there; until that is complete, analysts see it as"
          + " it was. Change the number of tasks at the same time: runs that are one of another"
          + " number are refused from then on.",
      "",
      "Examples:",
      "",
      "  ./gkp_cli offsets shards",
      "  ./gkp_cli offsets shards --count 4 --dry-run",
      "  ./gkp_cli offsets shards --count 4 --yes --reason 'one run takes longer than an hour'"
    })
final class ShardsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;
  @Mixin private Confirmation confirmation;

  @Option(
      names = "--count",
      paramLabel = "N",
      description = "Divide the tables into so many shards; 1 for none.")
  private @Nullable Integer count;

  @Override
  public Integer call() {
    try (BothSides sides = BothSides.open(connection.exportConfig())) {
      ShardPlans plans = new ShardPlans(sides, Clock.systemUTC());
      if (count == null) {
        print(plans.inForce());
        return 0;
      }
      if (confirmation.dryRun) {
        print(plans.plan(count));
        return 0;
      }
      if (!confirmation.yes) {
        printText(spec.commandLine().getErr(), plans.plan(count));
      }
      confirmation.require("Divide the tables so?");
      print(plans.adopt(count, confirmation.reason));
      return 0;
    }
  }

  private void print(ShardPlans.Plan plan) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.print(out, plan);
    } else {
      printText(out, plan);
    }
  }

  private static void printText(PrintWriter out, ShardPlans.Plan plan) {
    out.println(
        plan.count() == 1 ? "No shards: one run exports all tables." : plan.count() + " shards:");
    for (ShardPlans.Table table : plan.tables()) {
      out.println(
          "  %d  %s%s"
              .formatted(table.shard(), table.table(), table.readAnew() ? ", read anew" : ""));
    }
    out.flush();
  }
}
