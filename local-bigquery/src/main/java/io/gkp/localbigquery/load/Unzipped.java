package io.gkp.localbigquery.load;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Opens files of text, gzipped or not. */
final class Unzipped {
  private Unzipped() {}

  static InputStream open(Path file, int buffer) throws IOException {
    InputStream raw = new BufferedInputStream(Files.newInputStream(file), buffer);
    raw.mark(2);
    boolean gzipped = raw.read() == 0x1f && raw.read() == 0x8b;
    raw.reset();
    return gzipped ? new BufferedInputStream(new GZIPInputStream(raw, buffer), buffer) : raw;
  }
}
