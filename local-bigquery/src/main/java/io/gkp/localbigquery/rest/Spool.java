package io.gkp.localbigquery.rest;

import io.gkp.localbigquery.storage.Durable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Where uploads are collected until a job takes them over. */
final class Spool {
  private static final int BUFFER = 1 << 16;

  private final Path directory;

  private Spool(Path directory) {
    this.directory = directory;
  }

  /** Opens the spool, emptying it of what an earlier server left unfinished. */
  static Spool open(Path directory) {
    Durable.deleteTree(directory);
    Durable.createDirectory(directory);
    return new Spool(directory);
  }

  Path newFile() throws IOException {
    return Files.createFile(directory.resolve(UUID.randomUUID() + ".part"));
  }

  /** Adds what the stream holds to the file; what came before a failure is kept. */
  static void append(Path file, InputStream in) throws IOException {
    byte[] buffer = new byte[BUFFER];
    try (OutputStream out = Files.newOutputStream(file, StandardOpenOption.APPEND)) {
      for (int count = in.read(buffer); count > 0; count = in.read(buffer)) {
        out.write(buffer, 0, count);
      }
    }
  }

  /** Makes the file's content durable. */
  static void sync(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }
}
