package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.ApiJson;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reads a segment's rows as the table's present schema shows them, one at a time. */
final class SegmentReader implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final DataInputStream in;
  private final RowDecoder decoder;
  private final ByteSource source = new ByteSource();

  SegmentReader(Path file, List<Column> wanted) throws IOException {
    this.in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER));
    byte[] header = in.readNBytes(in.readInt());
    this.decoder = new RowDecoder(Column.of(ApiJson.read(header, TableSchema.class)), wanted);
  }

  Object[] read() throws IOException {
    return decoder.decode(source.over(in.readNBytes(in.readInt())));
  }

  void skip() throws IOException {
    in.skipNBytes(in.readInt());
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
