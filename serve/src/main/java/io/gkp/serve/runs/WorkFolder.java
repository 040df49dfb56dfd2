package io.gkp.serve.runs;

import io.gkp.connector.export.RunIds;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** A folder that only its owner can read, with a folder for each of the newest runs. */
public final class WorkFolder {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final int MOST_RUNS = 50;

  private final Path path;

  private WorkFolder(Path path) {
    this.path = path;
  }

  /**
   * The folder of a slot's server, the same after a restart. Where something else has its place, a
   * new one.
   */
  public static WorkFolder of(String slot) {
    Path path =
        Path.of(
            System.getProperty("java.io.tmpdir"),
            "gkp-serve-" + System.getProperty("user.name") + "-" + slot);
    try {
      return at(path);
    } catch (IOException | UnsupportedOperationException e) {
      try {
        return new WorkFolder(Files.createTempDirectory("gkp-serve-"));
      } catch (IOException again) {
        throw new UncheckedIOException(again);
      }
    }
  }

  /**
   * @throws IOException also when somebody else has the folder, or others may look into it
   */
  public static WorkFolder at(Path path) throws IOException {
    try {
      Files.createDirectory(path, PosixFilePermissions.asFileAttribute(PRIVATE));
    } catch (FileAlreadyExistsException e) {
      PosixFileAttributes there =
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      if (!there.isDirectory()
          || !there.permissions().equals(PRIVATE)
          || !there.owner().getName().equals(System.getProperty("user.name"))) {
        throw new IOException("somebody else's " + path, e);
      }
    }
    return new WorkFolder(path);
  }

  Runner.RunFolder run(String runId) {
    return new Runner.RunFolder(path.resolve(runId));
  }

  /** The runs that have a folder, newest first. */
  List<String> runs() {
    try (Stream<Path> runs = Files.list(path)) {
      return runs.map(run -> run.getFileName().toString())
          .filter(RunIds::is)
          .sorted(Comparator.reverseOrder())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes the folder of a new run, and removes those of old ones. */
  Runner.RunFolder create(String runId) throws IOException {
    for (String old : runs().stream().skip(MOST_RUNS).toList()) {
      try (Stream<Path> files = Files.walk(run(old).path())) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    }
    Runner.RunFolder folder = run(runId);
    Files.createDirectory(folder.path());
    return folder;
  }
}
