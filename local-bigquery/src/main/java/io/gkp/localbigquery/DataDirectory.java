package io.gkp.localbigquery;

import io.gkp.localbigquery.storage.Database;
import io.gkp.localbigquery.storage.Durable;
import io.gkp.localbigquery.translate.Macros;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a server keeps what it was told, while nobody else uses it.
 *
 * @param temporary whether it goes when it is closed
 */
record DataDirectory(Path path, boolean temporary, DataLock lock, Database database)
    implements AutoCloseable {
  static DataDirectory open(Path path) {
    DataLock lock = DataLock.acquire(path);
    try {
      return new DataDirectory(path, false, lock, Database.open(path, Macros.ALL));
    } catch (RuntimeException | Error e) {
      lock.close();
      throw e;
    }
  }

  /** Rows stay in memory; the directory takes what does not fit, and uploads. */
  static DataDirectory inMemory() {
    try {
      Path path = Files.createTempDirectory("local-bigquery-"); // its owner's alone
      Database database = Database.inMemory(path, Macros.ALL);
      return new DataDirectory(path, true, DataLock.acquire(path), database);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    database.close();
    lock.close();
    if (temporary) {
      Durable.deleteTree(path);
    }
  }
}
