package io.gkp.demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gkp.connector.cli.options.OutputFormat;
import io.gkp.connector.cli.text.SafeWriter;
import io.gkp.demo.servers.DataDirectory;
import io.gkp.demo.servers.LocalServers;
import io.gkp.demo.servers.Machine;
import io.gkp.demo.servers.OpenThings;
import io.gkp.demo.terminal.Console;
import io.gkp.demo.terminal.QuietLogs;
import io.gkp.demo.terminal.Terminal;
import io.gkp.demo.workload.Json;
import io.gkp.demo.workload.Rhythm;
import io.gkp.demo.workload.Workload;
import io.gkp.failure.ExitCode;
import io.gkp.serve.Served;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gkp_cli demo}. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Shows the whole export on this machine, with no configuration and no account.",
      "",
      "Starts a Postgres and a BigQuery inside this process, writes four weeks of a platform's"
          + " history, exports it, changes more, exports again, runs the SQL models, and compares"
          + " both sides."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:Everything added up",
      "64:Something is wrong with the command line",
      "69:No build of a server for this machine",
      "70:Something did not"
    })
final class DemoCommand implements Callable<Integer> {
  private static final long DEFAULT_SEED = 7;

  @Spec private CommandSpec spec;

  @Option(
      names = "--keep",
      description =
          "Leave both servers running at the end, until Ctrl-C, with the operators' page, to look around.")
  private boolean keep;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Keep both servers' files in this new directory. Default: a temporary one, deleted.")
  private @Nullable Path data;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      description = "text, or json: one object on stdout, the story on stderr. Default: text.")
  private OutputFormat output = OutputFormat.text;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Another number makes other data. Default: " + DEFAULT_SEED + ".")
  private long seed = DEFAULT_SEED;

  @Option(
      names = "--day",
      paramLabel = "YYYY-MM-DD",
      description = "The day after the four weeks of history. Default: the last working day.")
  private @Nullable LocalDate day;

  @Override
  public Integer call() throws Exception {
    Optional<String> obstacle = Machine.current().obstacle();
    if (obstacle.isPresent()) {
      spec.commandLine().getErr().println(obstacle.get());
      return ExitCode.UNAVAILABLE;
    }
    QuietLogs.apply();
    long start = System.nanoTime();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter story =
        SafeWriter.beneath(output == OutputFormat.json ? spec.commandLine().getErr() : out);
    Console console = Console.of(story, Terminal.isThere(), System.getenv());
    LocalDate nextDay = day == null ? Rhythm.workingDayBefore(LocalDate.now(ZoneOffset.UTC)) : day;

    try (OpenThings things = new OpenThings()) {
      DataDirectory directory =
          things.add(() -> data == null ? DataDirectory.temporary() : DataDirectory.at(data));
      console.heading("Postgres to BigQuery, exactly once: a demo on this machine");
      LocalServers servers = LocalServers.start(things, directory, console);
      DemoResult result =
          new Demo(
                  console, servers.postgres(), servers.dataset(), new Workload(seed, nextDay), seed)
              .play();
      long nanos = System.nanoTime() - start;
      if (output == OutputFormat.json) {
        ObjectNode json = result.json(TimeUnit.NANOSECONDS.toMillis(nanos));
        out.println(Json.pretty(json));
        out.flush();
      }
      Optional<Served> page =
          keep
              ? Optional.of(things.add(() -> OperatorsPage.start(servers, directory)))
              : Optional.empty();
      new Ending(console, servers, directory).print(result, page.map(Served::firstUrl), nanos);
      if (keep) {
        stay();
      }
      return result.allHold() ? ExitCode.OK : ExitCode.INTERNAL;
    }
  }

  /** Until the process ends, or whoever runs the command inside theirs interrupts it. */
  private static void stay() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // asked to end
    }
  }
}
