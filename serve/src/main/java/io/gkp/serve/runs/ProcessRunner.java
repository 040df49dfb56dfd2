package io.gkp.serve.runs;

import io.gkp.connector.cli.GkpCli;
import io.gkp.connector.config.Setting;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs in child processes of the same program. A child outlives the server, and writes to files and
 * not to pipes, so that it does not notice.
 */
public final class ProcessRunner implements Runner {
  private static final Logger log = LoggerFactory.getLogger(ProcessRunner.class);
  private static final String PROCESS = "process";

  /** What a run has no use for. */
  private static final List<Setting> WITHHELD =
      List.of(
          Setting.SERVE_TOKEN,
          Setting.SERVE_TOKEN_FILE,
          Setting.SERVE_VIEWER_TOKEN,
          Setting.SERVE_VIEWER_TOKEN_FILE);

  private final List<String> flags;
  private final Map<String, String> environment;
  private final WorkFolder work;

  /**
   * @param flags of {@code export-bigquery}
   * @param environment settings on top of the server's
   */
  public ProcessRunner(List<String> flags, Map<String, String> environment, WorkFolder work) {
    this.flags = List.copyOf(flags);
    this.environment = Map.copyOf(environment);
    this.work = work;
  }

  @Override
  public void start(String runId, StartOrder order) {
    try {
      RunFolder folder = work.create(runId);
      ProcessBuilder builder =
          new ProcessBuilder(command())
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
              .redirectOutput(folder.report().toFile())
              .redirectError(folder.path().resolve(RunFolder.LOG).toFile());
      Map<String, String> variables = builder.environment();
      WITHHELD.forEach(secret -> variables.remove(secret.variable()));
      variables.putAll(environment);
      variables.putAll(order.environment(runId));
      variables.put("GKP_EVENTS_FILE", folder.events().toString());
      Process process = builder.start();
      Files.writeString(folder.path().resolve(PROCESS), name(process.toHandle()));
      log.info("Run {} has begun, process {}", runId, process.pid());
      process
          .onExit()
          .thenAccept(
              ended -> log.info("Run {} has ended with exit code {}", runId, ended.exitValue()));
    } catch (IOException e) {
      throw new ExportException(
          Failure.RUN_NOT_STARTED,
          "No process could be started for the run (" + e.getClass().getSimpleName() + ").",
          "See whether the machine has memory and disk left, and start it again.",
          e);
    }
  }

  private List<String> command() {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
            .filter(argument -> argument.startsWith("-X") || argument.startsWith("-Dio.gkp"))
            .toList());
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), GkpCli.class.getName()));
    command.addAll(List.of("export-bigquery", "--output", "json"));
    command.addAll(flags);
    return command;
  }

  @Override
  public boolean stop(String runId) {
    Optional<ProcessHandle> process = process(runId);
    process.ifPresent(ProcessHandle::destroy);
    return process.isPresent();
  }

  @Override
  public boolean isGoing(String runId) {
    return process(runId).isPresent();
  }

  @Override
  public Optional<String> going() {
    return work.runs().stream().filter(this::isGoing).findFirst();
  }

  @Override
  public Optional<RunFolder> folder(String runId) {
    RunFolder folder = work.run(runId);
    return Files.isDirectory(folder.path()) ? Optional.of(folder) : Optional.empty();
  }

  /** The live process of a run, also one that an earlier server has started. */
  private Optional<ProcessHandle> process(String runId) {
    try {
      String name = Files.readString(work.run(runId).path().resolve(PROCESS));
      return ProcessHandle.of(Long.parseLong(name.substring(0, name.indexOf(' '))))
          .filter(ProcessHandle::isAlive)
          .filter(process -> name(process).equals(name));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** A process id comes again some day; with its start it does not. */
  private static String name(ProcessHandle process) {
    return process.pid()
        + " "
        + process.info().startInstant().map(Instant::toEpochMilli).orElse(0L);
  }
}
