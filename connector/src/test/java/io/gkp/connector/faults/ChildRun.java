package io.gkp.connector.faults;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gkp.connector.cli.GkpCli;
import io.gkp.connector.cli.Secrecy;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.export.Deployment;
import io.gkp.name.TableName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** {@code gkp_cli export-bigquery} in a process of its own, which can be killed. */
public final class ChildRun implements AutoCloseable {
  private static final long LONGEST_MINUTES = Long.getLong("longest.minutes", 5);
  private static final long POLL_MILLIS = 50;
  static final String JAVA = Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final List<String> QUICK_START =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Process process;
  private final Path out;
  private final Path err;
  private long peakBytes;

  private ChildRun(Process process, Path out, Path err) {
    this.process = process;
    this.out = out;
    this.err = err;
  }

  public static ChildRun start(Deployment deployment, Map<String, String> environment) {
    return start(deployment, environment, List.of());
  }

  /**
   * @param environment settings on top of the deployment's
   * @param jvm options of the JVM
   */
  static ChildRun start(Deployment deployment, Map<String, String> environment, List<String> jvm) {
    ExportConfig config = deployment.config();
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.addAll(QUICK_START);
    command.addAll(SharedClasses.jvmOptions());
    command.addAll(jvm);
    command.addAll(List.of("-cp", SharedClasses.CLASS_PATH, GkpCli.class.getName()));
    command.addAll(List.of("export-bigquery", "--output", "json"));
    try {
      Path out = temporary("run", ".out");
      Path err = temporary("run", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
      Map<String, String> variables = builder.environment();
      variables.put("GKP_EXPORT_ENABLED", "true");
      variables.put("DATABASE_URL", deployment.sourceUrl());
      variables.put("GKP_SLOT", config.source().slot());
      variables.put("GKP_PUBLICATION", config.source().publication());
      variables.put(
          "GKP_TABLES",
          config.source().tables().stream()
              .map(TableName::display)
              .collect(Collectors.joining(",")));
      variables.put("GKP_PROJECT", config.destination().project());
      variables.put("GKP_DATASET", config.destination().dataset());
      variables.put("GKP_VIEWS", Boolean.toString(config.views().isPresent()));
      variables.put("BIGQUERY_EMULATOR_HOST", deployment.host());
      variables.put("GKP_BATCH_BYTES", Long.toString(config.limits().maxPartBytes()));
      variables.put("GKP_BATCH_AGE", config.limits().maxAge().toString());
      variables.put("GKP_MAX_DURATION", config.maxDuration().toString());
      variables.put("GKP_IN_FLIGHT_BYTES", Long.toString(config.limits().maxInFlightBytes()));
      variables.put(
          "GKP_SNAPSHOT_CHUNK_BYTES", Long.toString(config.limits().snapshotChunkBytes()));
      variables.putAll(environment);
      return new ChildRun(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path temporary(String prefix, String suffix) {
    try {
      Path file = Files.createTempFile(prefix, suffix);
      file.toFile().deleteOnExit();
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** {@code kill -9}. */
  public void kill() {
    process.destroyForcibly();
  }

  /** SIGTERM. */
  void terminate() {
    process.destroy();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  long pid() {
    return process.pid();
  }

  /** Waits for the end; 137 after {@link #kill}. */
  public int exitCode() throws InterruptedException {
    long giveUp = System.nanoTime() + TimeUnit.MINUTES.toNanos(LONGEST_MINUTES);
    while (!process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
      readPeak();
      if (System.nanoTime() > giveUp) {
        kill();
        throw new IllegalStateException("still running after minutes: " + log());
      }
    }
    return process.exitValue();
  }

  /**
   * Most memory that the process had at once, heap and everything else, as the kernel counts it
   * ({@code VmHWM}); 0 where the kernel does not say. Known after {@link #exitCode}.
   */
  long peakBytes() {
    return peakBytes;
  }

  private void readPeak() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid() + "/status"))) {
      peakBytes =
          lines
              .filter(line -> line.startsWith("VmHWM:"))
              .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
              .max()
              .orElse(peakBytes);
    } catch (IOException | UncheckedIOException e) {
      // not Linux, or just ended
    }
  }

  /** The JSON object on standard output. */
  public JsonNode report() {
    try {
      return new ObjectMapper().readTree(Files.readString(out));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Standard error. */
  public String log() {
    try {
      return Files.readString(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    kill();
    process.onExit().join();
    Secrecy.tell(log());
    try {
      Files.deleteIfExists(out);
      Files.deleteIfExists(err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
