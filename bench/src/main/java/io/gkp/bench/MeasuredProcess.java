package io.gkp.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Runs a command to its end, and looks on. */
final class MeasuredProcess {
  private static final long LOOK_MILLIS = 20;

  private MeasuredProcess() {}

  /** Runs another class of this program in a JVM like the export's. */
  static Usage java(Class<?> main, String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmx512m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    command.addAll(List.of(arguments));
    return run(command, Map.of());
  }

  /**
   * @param environment on top of this process's
   * @throws IllegalStateException where it fails, with what it said
   */
  static Usage run(List<String> command, Map<String, String> environment)
      throws InterruptedException {
    try {
      Path output = Files.createTempFile("bench", ".log");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        long start = System.nanoTime();
        Process process = builder.start();
        double cpu = 0;
        double peak = 0;
        while (!process.waitFor(LOOK_MILLIS, TimeUnit.MILLISECONDS)) {
          cpu =
              Math.max(
                  cpu, process.info().totalCpuDuration().map(Duration::toNanos).orElse(0L) / 1e6);
          peak = Math.max(peak, peakBytes(process.pid()));
        }
        double wall = (System.nanoTime() - start) / 1e6;
        if (process.exitValue() != 0) {
          throw new IllegalStateException(
              String.join(" ", command) + ": " + Files.readString(output));
        }
        return new Usage(wall, cpu, peak, 0, 0, 0);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double peakBytes(long pid) {
    try (Stream<String> lines = Files.lines(Path.of("/proc/" + pid + "/status"))) {
      return lines
          .filter(line -> line.startsWith("VmHWM:"))
          .mapToDouble(line -> 1024 * Double.parseDouble(line.replaceAll("\\D", "")))
          .max()
          .orElse(0);
    } catch (IOException | UncheckedIOException e) {
      return 0; // not Linux, or just ended
    }
  }

  /** Whether there is such a program. */
  static boolean isThere(String program) {
    return Stream.of(System.getenv("PATH").split(java.io.File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }
}
