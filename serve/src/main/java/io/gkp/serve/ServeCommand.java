package io.gkp.serve;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.config.ExportConfig;
import io.gkp.failure.ExitCode;
import io.gkp.serve.backend.Backend;
import io.gkp.serve.runs.CloudRunRunner;
import io.gkp.serve.runs.ProcessRunner;
import io.gkp.serve.runs.Runner;
import io.gkp.serve.runs.WorkFolder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Spec;

/** {@code serve}: the admin API and the operators' page. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Serves the admin API and a page for operators, until SIGTERM.",
      "Shows what offsets, doctor and models show, starts and stops runs, and asks for resets and"
          + " backfills. A run is a process of its own: ending the server leaves it alone. Off unless"
          + " GKP_EXPORT_ENABLED=true and GKP_SERVE_ENABLED=true."
    },
    footer = {
      "",
      "Who may: GKP_SERVE_IAP_AUDIENCE or GKP_SERVE_AUDIENCE (tokens that Google signs, for the"
          + " addresses in GKP_SERVE_ADMINS and GKP_SERVE_VIEWERS), GKP_SERVE_TOKEN or _TOKEN_FILE,"
          + " GKP_SERVE_VIEWER_TOKEN or _FILE (bearer tokens). Without any of them it listens on"
          + " loopback only, and prints an address with a token that it has made. GKP_SERVE_URL is the"
          + " address that browsers use, where that is another one.",
      "",
      "Example:",
      "",
      "  GKP_EXPORT_ENABLED=true GKP_SERVE_ENABLED=true ./gkp_cli serve --config gkp.properties --every 15m"
    })
final class ServeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private ServeOptions options;

  @Override
  public Integer call() throws Exception {
    ExportConfig config = connection.exportConfig();
    ServeConfig serving = options.read(connection, System.getenv());
    Backend backend = new Backend(config, connection.modelConfig(Map.of()));
    Runner runner =
        options
            .cloudRunJob()
            .<Runner>map(CloudRunRunner::of)
            .orElseGet(
                () ->
                    new ProcessRunner(
                        flags(spec.commandLine()),
                        Map.of(),
                        WorkFolder.of(config.source().slot())));
    CountDownLatch ended = new CountDownLatch(1);
    try (Served served = Served.start(serving, backend, runner)) {
      spec.commandLine().getOut().println(served.announcement());
      spec.commandLine().getOut().flush();
      Thread hook = new Thread(() -> end(served, ended), "stop");
      Runtime.getRuntime().addShutdownHook(hook);
      ended.await();
    }
    return ExitCode.OK;
  }

  private static void end(Served served, CountDownLatch ended) {
    served.close();
    ended.countDown();
    Runtime.getRuntime().halt(ExitCode.OK);
  }

  /** What was said on the command line that a run understands, too. */
  private static List<String> flags(CommandLine serve) {
    CommandLine export = requireNonNull(serve.getParent().getSubcommands().get("export-bigquery"));
    List<String> flags = new ArrayList<>();
    for (OptionSpec option : serve.getParseResult().matchedOptions()) {
      if (export.getCommandSpec().findOption(option.longestName()) != null) {
        for (String value : option.originalStringValues()) {
          flags.add(option.longestName() + "=" + value);
        }
      }
    }
    return flags;
  }
}
