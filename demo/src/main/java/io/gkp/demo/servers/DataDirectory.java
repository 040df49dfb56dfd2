package io.gkp.demo.servers;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Where both servers keep their files: a temporary directory, or one that stays. */
public final class DataDirectory implements AutoCloseable {
  private final Path path;
  private final boolean temporary;

  private DataDirectory(Path path, boolean temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  /** A directory that {@link #close()} deletes. */
  public static DataDirectory temporary() throws IOException {
    return new DataDirectory(Files.createTempDirectory("gkp-demo-"), true);
  }

  /**
   * A directory that stays.
   *
   * @throws ExportException where something is in it already
   */
  public static DataDirectory at(Path path) throws IOException {
    Files.createDirectories(path);
    try (Stream<Path> content = Files.list(path)) {
      if (content.findAny().isPresent()) {
        throw new ExportException(
            Failure.USAGE, "--data: " + path + " is not empty.", "Name a new directory.");
      }
    }
    return new DataDirectory(path.toAbsolutePath(), false);
  }

  public boolean isTemporary() {
    return temporary;
  }

  public Path path() {
    return path;
  }

  Path postgres() {
    return path.resolve("postgres");
  }

  Path bigQuery() {
    return path.resolve("bigquery");
  }

  @Override
  public void close() throws IOException {
    if (temporary) {
      List<Path> deepestFirst;
      try (Stream<Path> tree = Files.walk(path)) {
        deepestFirst = tree.sorted(Comparator.reverseOrder()).toList();
      }
      for (Path file : deepestFirst) {
        Files.deleteIfExists(file);
      }
    }
  }
}
