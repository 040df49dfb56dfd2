package io.gkp.testing;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The data that a server begins with, initialized once for all processes of a build.
 *
 * <p>Initializing it takes 0.7 s of a processor, copying it 0.1 s. All servers of one version have
 * one system identifier therefore, and a process has one server of a version.
 */
final class DataFolders {
  private DataFolders() {}

  /** A new folder with a version's data, which the caller deletes. */
  static Path of(int major) throws IOException {
    Path folder = Files.createTempDirectory("postgres-" + major + "-");
    Path data = initialized(major);
    try (Stream<Path> files = Files.walk(data)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(
            file,
            folder.resolve(data.relativize(file)),
            StandardCopyOption.REPLACE_EXISTING, // the folder itself
            StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
    return folder;
  }

  /** Other processes of the tests may come to do it at the same time. */
  private static Path initialized(int major) throws IOException {
    Programs.createFolder();
    Path data = Programs.OWNERS.resolve("data-" + major);
    try (FileChannel file =
            FileChannel.open(
                Programs.OWNERS.resolve("data-lock"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE);
        FileLock turn = file.lock()) {
      if (!Files.exists(data)) {
        Path unfinished = Files.createTempDirectory(Programs.OWNERS, "data");
        TestPostgres.builder(major)
            .setDataDirectory(unfinished)
            .setCleanDataDirectory(false)
            .setRegisterShutdownHook(false)
            .setPGStartupWait(Duration.ofSeconds(60))
            .start()
            .close();
        Files.move(unfinished, data);
      }
    }
    return data;
  }
}
