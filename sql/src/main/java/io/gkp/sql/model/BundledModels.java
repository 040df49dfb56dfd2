package io.gkp.sql.model;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The folder {@code models} of the class path, whether in a directory or in a jar. */
public final class BundledModels {
  private BundledModels() {}

  /** Reads something from the folder; the path is valid only while the reader runs. */
  interface Reader<T> {
    T read(Path root) throws IOException;
  }

  /**
   * The text of a file, e.g. {@code curated/latest/query.sql}.
   *
   * @throws UncheckedIOException where it is missing
   */
  public static String text(String file) {
    return with(root -> Files.readString(root.resolve(file)));
  }

  static <T> T with(Reader<T> reader) {
    try {
      URI folder = BundledModels.class.getResource("/models").toURI();
      if (!folder.getScheme().equals("jar")) {
        return reader.read(Path.of(folder));
      }
      URI jar = URI.create(folder.toString().substring("jar:".length()).split("!")[0]);
      try (FileSystem files = FileSystems.newFileSystem(Path.of(jar), Map.of())) {
        return reader.read(files.getPath("/models"));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
