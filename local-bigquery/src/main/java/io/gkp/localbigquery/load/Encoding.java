package io.gkp.localbigquery.load;

import com.google.api.services.bigquery.model.JobConfigurationLoad;
import io.gkp.localbigquery.api.ApiException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** What {@code encoding} of a load job may be. */
final class Encoding {
  private static final int BUFFER = 1 << 16;

  private static final Map<String, Charset> BY_NAME =
      Map.of(
          "UTF-8", StandardCharsets.UTF_8,
          "UTF8", StandardCharsets.UTF_8,
          "ISO-8859-1", StandardCharsets.ISO_8859_1,
          "UTF-16BE", StandardCharsets.UTF_16BE,
          "UTF-16LE", StandardCharsets.UTF_16LE,
          "UTF-32BE", Charset.forName("UTF-32BE"),
          "UTF-32LE", Charset.forName("UTF-32LE"));

  private Encoding() {}

  /** Throws {@code invalid} for one that there is not. */
  static Charset of(JobConfigurationLoad load) {
    String name =
        load.getEncoding() == null || load.getEncoding().isEmpty() ? "UTF-8" : load.getEncoding();
    Charset charset = BY_NAME.get(name.toUpperCase(Locale.ROOT));
    if (charset == null) {
      throw ApiException.invalid("Unsupported encoding: " + name);
    }
    return charset;
  }

  /** Writes the file anew, beside it, in UTF-8 and not compressed. */
  static Path rewrite(Path file, Charset from) throws IOException {
    Path utf8 = Files.createTempFile(file.getParent(), "utf8", ".txt");
    try (Reader reader = new InputStreamReader(Unzipped.open(file, BUFFER), from);
        Writer writer = Files.newBufferedWriter(utf8)) {
      reader.transferTo(writer);
    }
    return utf8;
  }
}
