package io.gkp.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The folder of this process in the system's memory, for the files of tests' databases.
 *
 * <p>An empty database has three hundred files. A server copies them in 12 ms of a processor there,
 * and in 80 to 240 ms on a disk. A process takes a sixteenth of the machine's memory at most, and
 * leaves a gigabyte of the folder's room to others.
 */
final class Memory {
  private static final Path ROOM = Path.of("/dev/shm");
  private static final String NAME = "gkp-postgres-";
  private static final String LOCK = "lock";

  /** Bytes: an empty one has 7.5 million. */
  private static final long DATABASE = 10_000_000;

  private static final long LEFT_TO_OTHERS = 1_000_000_000;

  private static final AtomicLong LEFT =
      new AtomicLong(
          ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                  .getTotalMemorySize()
              / 16);

  private static final Map<EmbeddedPostgres, Path> SERVERS = new ConcurrentHashMap<>();

  /** Held as long as the process lives. */
  private static FileLock held;

  /** Null where the system has none in memory, or no room there. */
  private static final Path OWN = create();

  private Memory() {}

  /** Whether one more database may come here. Counts it as one that does. */
  static boolean hasRoom() {
    try {
      return OWN != null
          && Files.getFileStore(OWN).getUsableSpace() > LEFT_TO_OTHERS + DATABASE
          && LEFT.addAndGet(-DATABASE) > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A new folder for a server, which is stopped at the process's exit before the folder goes.
   *
   * @param data the server's folder on the disk, which goes then, too
   * @return null where the system has none in memory, or no room there
   */
  static Path of(EmbeddedPostgres server, Path data) {
    SERVERS.put(server, data);
    try {
      return OWN == null
          ? null
          : Files.createDirectory(OWN.resolve(Integer.toString(server.getPort())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Deletes a folder with all that it holds. */
  static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static Path create() {
    Runtime.getRuntime().addShutdownHook(new Thread(Memory::close, "memory-closer"));
    try {
      if (!Files.isWritable(ROOM)
          || Files.getFileStore(ROOM).getUsableSpace() < 2 * LEFT_TO_OTHERS) {
        return null;
      }
      deleteThoseOfTheDead(ROOM);
      // Nobody takes it for one that was left behind before it is locked.
      Path unlocked = Files.createTempDirectory(ROOM, "new-" + NAME);
      held =
          FileChannel.open(
                  unlocked.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE)
              .lock();
      return Files.move(
          unlocked, ROOM.resolve(unlocked.getFileName().toString().substring("new-".length())));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A process that was killed has not cleared up, and no lock of it is left. */
  static void deleteThoseOfTheDead(Path room) throws IOException {
    try (DirectoryStream<Path> folders = Files.newDirectoryStream(room, NAME + "*")) {
      for (Path folder : folders) {
        if (!Files.isWritable(folder) || !Files.exists(folder.resolve(LOCK))) {
          continue;
        }
        try (FileChannel file = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE);
            FileLock lock = file.tryLock()) {
          if (lock != null) {
            delete(folder);
          }
        } catch (OverlappingFileLockException e) {
          continue; // this process holds it
        } catch (IOException | UncheckedIOException e) {
          continue; // another process deletes it, or a server that was left behind writes to it
        }
      }
    }
  }

  private static void close() {
    try {
      for (Map.Entry<EmbeddedPostgres, Path> server : SERVERS.entrySet()) {
        server.getKey().close();
        delete(server.getValue());
      }
      if (OWN != null) {
        delete(OWN);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
