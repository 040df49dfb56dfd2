package io.gkp.bigquery;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/** Small sets of rows as gzipped newline-delimited JSON. */
public final class NdJson {
  private static final ObjectWriter WRITER = new ObjectMapper().writer();

  private NdJson() {}

  public static Content gzip(List<Map<String, Object>> rows) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      for (Map<String, Object> row : rows) {
        gzip.write(WRITER.writeValueAsBytes(row));
        gzip.write('\n');
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Content.of(bytes.toByteArray());
  }
}
