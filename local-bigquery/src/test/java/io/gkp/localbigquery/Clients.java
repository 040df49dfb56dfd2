package io.gkp.localbigquery;

import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.FormatOptions;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobStatus;
import com.google.cloud.bigquery.Schema;
import com.google.cloud.bigquery.TableDataWriteChannel;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.WriteChannelConfiguration;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.UUID;
import org.awaitility.Awaitility;

/** The official client, as users have it, and what tests do with it over and over. */
final class Clients {
  static final String PROJECT = "a-project";
  private static final Duration LONGEST_JOB = Duration.ofSeconds(60);

  private Clients() {}

  static BigQuery client(String host) {
    return BigQueryOptions.newBuilder()
        .setHost(host)
        .setProjectId(PROJECT)
        .setCredentials(NoCredentials.getInstance())
        .setRetrySettings(RetrySettings.newBuilder().setMaxAttempts(1).build())
        .build()
        .getService();
  }

  /** A load job's configuration, for newline-delimited JSON. */
  static WriteChannelConfiguration.Builder load(String dataset, String table, Schema schema) {
    return WriteChannelConfiguration.newBuilder(TableId.of(dataset, table))
        .setFormatOptions(FormatOptions.json())
        .setSchema(schema);
  }

  static JobId freshId() {
    return JobId.newBuilder().setJob("test_" + UUID.randomUUID()).setLocation("US").build();
  }

  /** Loads by resumable upload and waits for the end, whichever it is. */
  static Job run(BigQuery client, WriteChannelConfiguration load, String... lines) {
    return run(client, freshId(), load, String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
  }

  static Job run(BigQuery client, JobId id, WriteChannelConfiguration load, byte[] content) {
    TableDataWriteChannel channel = client.writer(id, load);
    try (channel) {
      channel.write(ByteBuffer.wrap(content));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return done(client, id);
  }

  static Job done(BigQuery client, JobId id) {
    return Awaitility.await()
        .atMost(LONGEST_JOB)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> client.getJob(id), job -> job.getStatus().getState() == JobStatus.State.DONE);
  }
}
