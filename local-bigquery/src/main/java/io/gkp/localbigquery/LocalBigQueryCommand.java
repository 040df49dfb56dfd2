package io.gkp.localbigquery;

import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a {@link LocalBigQuery} until it is told to stop. */
@Command(
    name = "local-bigquery",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Runs a BigQuery on this machine: datasets, tables, load jobs and GoogleSQL.",
      "",
      "It listens on the loopback interface, asks for no credentials, and keeps all it is told in "
          + "its data directory, also when it is killed; without one in memory, until it stops. "
          + "What it cannot do it says by name (reason notImplemented)."
    },
    footer = {
      "",
      "Examples:",
      "  local-bigquery --port 9050 --data /tmp/bigquery",
      "  alias lbq='bq --api=http://127.0.0.1:9050 --project_id=demo --oauth_access_token=local'",
      "  lbq mk a_dataset",
      "  lbq query --use_legacy_sql=false 'SELECT 1'",
      "",
      "Stops on SIGTERM or Ctrl-C. Exits with 69 where the port or the data directory is in use."
    })
public final class LocalBigQueryCommand implements Callable<Integer> {
  private static final int UNAVAILABLE = 69;

  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "9050",
      description = "Port to listen on, 0 for any free one (default: ${DEFAULT-VALUE}).")
  private int port;

  @Option(
      names = "--data",
      paramLabel = "DIR",
      description =
          "Where everything is kept; becomes readable by you alone (default: in memory only).")
  private Path data;

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS",
      description =
          "Listen at this address instead of the loopback interface's: 0.0.0.0 in a container. "
              + "Whoever reaches it may then read, change and run everything.")
  private InetAddress address = InetAddress.getLoopbackAddress();

  /** Runs the command alone, without the rest of the command line. */
  public static void main(String[] args) {
    System.exit(new CommandLine(new LocalBigQueryCommand()).execute(args));
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    LocalBigQuery.Builder builder =
        data == null ? LocalBigQuery.inMemory() : LocalBigQuery.builder(data);
    try (LocalBigQuery server = builder.listen(address).port(port).start()) {
      Thread stop = new Thread(server::close, "stop");
      Runtime.getRuntime().addShutdownHook(stop);
      out.println(
          "Local BigQuery at %s, data in %s"
              .formatted(server.host(), data == null ? "memory" : data.toAbsolutePath()));
      out.println("Use it with BIGQUERY_EMULATOR_HOST=" + server.host());
      out.println(
          "or with bq --api=" + server.host() + " --project_id=demo --oauth_access_token=local");
      out.flush();
      if (!address.isLoopbackAddress()) {
        warn();
      }
      new CountDownLatch(1).await();
      return 0;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return 0;
    } catch (UncheckedIOException e) {
      spec.commandLine().getErr().println(e.getCause().getMessage());
      return UNAVAILABLE;
    }
  }

  private void warn() {
    PrintWriter err = spec.commandLine().getErr();
    err.println(
        """
        WARNING: it listens at %s and asks for no credentials. Whoever reaches port %d may read, \
        change and delete all that is in it, and run SQL and JavaScript here. Keep it to networks \
        whose every program you trust; publish a container's port to loopback alone: \
        docker run -p 127.0.0.1:9050:9050"""
            .formatted(address.getHostAddress(), port));
    err.flush();
  }
}
