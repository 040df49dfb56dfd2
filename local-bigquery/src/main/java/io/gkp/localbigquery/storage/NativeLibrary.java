package io.gkp.localbigquery.storage;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * Loads DuckDB's native library and leaves no copy of it behind.
 *
 * <p>The driver unpacks 60 MB into the temporary directory and deletes them when the process ends,
 * which one that is killed never does. What a process has loaded stays with it when the file goes.
 */
final class NativeLibrary {
  private static final Path LOADED = Path.of("/proc/self/maps");
  private static final String UNPACKED = "libduckdb_java";

  private NativeLibrary() {}

  static void load() {
    try {
      Class.forName("org.duckdb.DuckDBNative");
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("DuckDB is not on the class path", e);
    }
    // Elsewhere than on Linux the driver's own way is all there is.
    if (Files.exists(LOADED)) {
      deleteUnpacked();
    }
  }

  private static void deleteUnpacked() {
    Path temporary = Path.of(System.getProperty("java.io.tmpdir")).toAbsolutePath();
    try (Stream<String> mapped = Files.lines(LOADED, StandardCharsets.ISO_8859_1)) {
      mapped
          .filter(line -> line.contains("/" + UNPACKED))
          .map(line -> Path.of(line.substring(line.indexOf('/'))))
          .filter(file -> file.startsWith(temporary))
          .distinct()
          .forEach(Durable::delete);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
