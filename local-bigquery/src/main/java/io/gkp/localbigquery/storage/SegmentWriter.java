package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.ApiJson;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Writes rows to a segment in staging, in constant memory. Close it; what was not {@link #finish
 * finished} by then is gone.
 *
 * <p>A segment holds the schema it was written by, then each row behind its length.
 */
public final class SegmentWriter implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final Path file;
  private final List<Column> columns;
  private final FileChannel channel;
  private final DataOutputStream out;
  private final ByteSink row = new ByteSink();
  private long rows;
  private long bytes;
  private boolean finished;

  SegmentWriter(Path file, TableSchema schema) {
    this.file = file;
    this.columns = Column.of(schema);
    try {
      this.channel =
          FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      this.out =
          new DataOutputStream(new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER));
      byte[] header = ApiJson.write(schema);
      out.writeInt(header.length);
      out.write(header);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a row, valued as {@link Warehouse} says, in the order of the schema. */
  public void write(Object[] values) {
    row.reset();
    RowEncoder.encode(columns, values, row);
    try {
      out.writeInt(row.size());
      row.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    rows++;
    bytes += row.size();
  }

  /** Makes the rows durable; no table shows them before they are committed to one. */
  public Segment finish() {
    try {
      out.flush();
      channel.force(true);
      finished = true;
      return new Segment(file.getFileName().toString(), rows, bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    if (!finished) {
      Durable.delete(file);
    }
  }
}
