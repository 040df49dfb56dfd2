package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Resumable uploads, each of which creates a load job, and none of which waits for ever.
 *
 * <p>The client bounds connecting and reading, but not writing. An upload that is given up may come
 * through after all: it meets a job id that is used.
 */
final class Uploads {
  /** The client's resumable upload sends whole chunks of a multiple of this. */
  private static final int CHUNK_UNIT = 256 * 1024;

  /** One request; a slow line sends it within the network's timeout. */
  private static final int MAX_CHUNK = 4 * 1024 * 1024;

  /** Of the network's timeout, for a request to be taken and to be answered. */
  private static final int PATIENCE = 2;

  private final BigQuery bigquery;
  private final DestinationConfig config;

  Uploads(BigQuery bigquery, DestinationConfig config) {
    this.bigquery = bigquery;
    this.config = config;
  }

  /**
   * Creates the job.
   *
   * @return the job, null where the service does not say
   * @throws IOException when the outcome is unknown; it may be known later
   */
  Job upload(LoadRequest request, JobId id) throws IOException, InterruptedException {
    AtomicLong moved = new AtomicLong(System.nanoTime());
    long limit = config.networkTimeout().multipliedBy(PATIENCE).toNanos();
    return OwnThread.call(
        () -> upload(request, id, moved), () -> System.nanoTime() - moved.get() > limit);
  }

  /**
   * @param moved when something was last taken
   */
  private Job upload(LoadRequest request, JobId id, AtomicLong moved) throws IOException {
    WriteChannelConfiguration configuration =
        WriteChannelConfiguration.newBuilder(TableId.of(config.dataset(), request.tableName()))
            .setFormatOptions(FormatOptions.json())
            .setSchema(request.schema())
            .setCreateDisposition(JobInfo.CreateDisposition.CREATE_NEVER)
            .setWriteDisposition(JobInfo.WriteDisposition.WRITE_APPEND)
            .setSchemaUpdateOptions(List.of(JobInfo.SchemaUpdateOption.ALLOW_FIELD_ADDITION))
            .setLabels(request.labels())
            .build();
    TableDataWriteChannel channel = bigquery.writer(id, configuration);
    channel.setChunkSize(chunkSize(request.content().length()));
    // Closed by hand: closing after a failed write would complete the upload with what was sent.
    request.content().writeTo(new Moving(channel, moved));
    channel.close();
    return channel.getJob();
  }

  /** Tells when something was taken. */
  private record Moving(WritableByteChannel channel, AtomicLong moved)
      implements WritableByteChannel {
    @Override
    public int write(ByteBuffer bytes) throws IOException {
      int taken = channel.write(bytes);
      moved.set(System.nanoTime());
      return taken;
    }

    @Override
    public boolean isOpen() {
      return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
      channel.close();
    }
  }

  /**
   * More than the content where that fits, so that it goes in one request; and never a divisor of
   * its length: an upload that ends on a whole chunk is never completed by the client.
   */
  private static int chunkSize(int length) {
    int chunk = Math.min(MAX_CHUNK, (length / CHUNK_UNIT + 1) * CHUNK_UNIT);
    return length % chunk == 0 ? chunk + CHUNK_UNIT : chunk;
  }
}
