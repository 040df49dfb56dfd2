package io.gkp.connector.faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * All classes as the JVM keeps them in memory, made once for all processes that tests start, as
 * {@code gkp_cli} makes them for every run.
 */
final class SharedClasses {
  private static final Path LIST = Path.of("src/main/cds/classes.list");
  private static final Path FOLDER = Path.of("target/child-classes");
  private static final Path ARCHIVE = FOLDER.resolve("classes.jsa");

  private static final List<Path> ENTRIES =
      Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
          .map(Path::of)
          .filter(Files::exists)
          .toList();

  /** An archive is of jars only, so that each folder becomes one. */
  static final String CLASS_PATH =
      ENTRIES.stream()
          .map(entry -> Files.isDirectory(entry) ? jar(entry) : entry)
          .map(Path::toString)
          .collect(Collectors.joining(File.pathSeparator));

  private static final List<String> OPTIONS = options();

  private SharedClasses() {}

  /** Options of the JVM; none where there is no archive. */
  static List<String> jvmOptions() {
    return OPTIONS;
  }

  private static Path jar(Path folder) {
    return FOLDER.resolve(ENTRIES.indexOf(folder) + ".jar");
  }

  /** Another process of the tests may come to make it at the same time. */
  private static List<String> options() {
    try {
      Files.createDirectories(FOLDER);
      try (FileChannel file =
              FileChannel.open(
                  FOLDER.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock turn = file.lock()) {
        if (!isCurrent()) {
          make();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Files.exists(ARCHIVE)
        ? List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + ARCHIVE, "-Xlog:disable")
        : List.of();
  }

  private static boolean isCurrent() throws IOException {
    if (!Files.exists(ARCHIVE)) {
      return false;
    }
    long made = Files.getLastModifiedTime(ARCHIVE).toMillis();
    for (Path entry : ENTRIES) {
      try (Stream<Path> files = Files.walk(entry)) {
        if (files.anyMatch(file -> file.toFile().lastModified() >= made)) {
          return false;
        }
      }
    }
    return true;
  }

  private static void make() throws IOException {
    Files.deleteIfExists(ARCHIVE);
    for (Path entry : ENTRIES) {
      if (Files.isDirectory(entry)) {
        pack(entry);
      }
    }
    Path made = ARCHIVE.resolveSibling("made.jsa");
    ProcessBuilder dump =
        new ProcessBuilder(
                ChildRun.JAVA,
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + LIST,
                "-XX:SharedArchiveFile=" + made,
                "-cp",
                CLASS_PATH)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      if (dump.start().waitFor() == 0) {
        Files.move(made, ARCHIVE, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void pack(Path folder) {
    ToolProvider jar = ToolProvider.findFirst("jar").orElseThrow();
    int result =
        jar.run(
            System.out,
            System.err,
            "--create",
            "--no-compress",
            "--file=" + jar(folder),
            "-C",
            folder.toString(),
            ".");
    if (result != 0) {
      throw new IllegalStateException("no jar of " + folder);
    }
  }
}
