package io.gkp.connector.faults;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The libraries' classes as the JVM keeps them in memory, made once for all processes that tests
 * start, as {@code gkp_cli} makes them for every run.
 */
final class SharedClasses {
  private static final Path LIST = Path.of("src/main/cds/classes.list");
  private static final Path ARCHIVE = Path.of("target/test-classes.jsa");

  /** An archive is of jars, which have to come first. */
  private static final String JARS = classPath(entry -> entry.endsWith(".jar"));

  static final String CLASS_PATH =
      JARS + File.pathSeparator + classPath(entry -> !entry.endsWith(".jar"));

  private static final List<String> OPTIONS = options();

  private SharedClasses() {}

  /** Options of the JVM; none where there is no archive. */
  static List<String> jvmOptions() {
    return OPTIONS;
  }

  private static String classPath(Predicate<String> entries) {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entries)
        .collect(Collectors.joining(File.pathSeparator));
  }

  private static List<String> options() {
    if (!isCurrent()) {
      make();
    }
    return Files.exists(ARCHIVE)
        ? List.of("-Xshare:auto", "-XX:SharedArchiveFile=" + ARCHIVE, "-Xlog:disable")
        : List.of();
  }

  /** The JVM passes over an archive of jars that have changed since. */
  private static boolean isCurrent() {
    long made = ARCHIVE.toFile().lastModified();
    return Arrays.stream(JARS.split(File.pathSeparator))
        .allMatch(jar -> new File(jar).lastModified() < made);
  }

  /** Another process may make it at the same time. */
  private static void make() {
    Path made = ARCHIVE.resolveSibling(ARCHIVE.getFileName() + "." + ProcessHandle.current().pid());
    ProcessBuilder dump =
        new ProcessBuilder(
                ChildRun.JAVA,
                "-Xshare:dump",
                "-XX:SharedClassListFile=" + LIST,
                "-XX:SharedArchiveFile=" + made,
                "-cp",
                JARS)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    try {
      if (dump.start().waitFor() == 0) {
        Files.move(made, ARCHIVE, StandardCopyOption.ATOMIC_MOVE);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
