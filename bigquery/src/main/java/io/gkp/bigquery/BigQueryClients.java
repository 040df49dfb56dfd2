package io.gkp.bigquery;

import com.google.api.client.http.HttpTransport;
import com.google.api.gax.retrying.RetrySettings;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.http.HttpTransportOptions;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.time.Duration;

/** Builds the official client. */
public final class BigQueryClients {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration RETRY_FIRST_CALL_FOR = Duration.ofSeconds(6);

  /** One for all clients: each would make a TLS context of its own, from all root certificates. */
  private static final HttpTransport TRANSPORT =
      new HttpTransportOptions.DefaultHttpTransportFactory().create();

  private BigQueryClients() {}

  /**
   * A client for the real service with Application Default Credentials, or for an emulator without
   * credentials.
   */
  public static BigQuery create(DestinationConfig config) {
    BigQueryOptions.Builder options =
        BigQueryOptions.newBuilder()
            .setProjectId(config.project())
            .setTransportOptions(
                HttpTransportOptions.newBuilder()
                    .setHttpTransportFactory(() -> TRANSPORT)
                    .setConnectTimeout((int) CONNECT_TIMEOUT.toMillis())
                    .setReadTimeout((int) config.networkTimeout().toMillis())
                    .build())
            .setRetrySettings(retryFor(config.networkTimeout()));
    if (config.host() != null) {
      options.setHost(config.host()).setCredentials(NoCredentials.getInstance());
    }
    if (config.location() != null) {
      options.setLocation(config.location());
    }
    try {
      return options.build().getService();
    } catch (RuntimeException e) {
      throw new ExportException(
          Failure.DESTINATION_AUTHENTICATION,
          "No credentials for BigQuery were found.",
          "Run gcloud auth application-default login, set GOOGLE_APPLICATION_CREDENTIALS,"
              + " or name an emulator with --bigquery-host.",
          e);
    }
  }

  /** The same client, giving up after a few seconds. */
  public static BigQuery impatient(BigQuery client) {
    return client.getOptions().toBuilder()
        .setRetrySettings(retryFor(RETRY_FIRST_CALL_FOR))
        .build()
        .getService();
  }

  /** How long a request of the client's may stay without an answer. */
  static Duration networkTimeout(BigQuery client) {
    return client.getOptions().getTransportOptions() instanceof HttpTransportOptions http
            && http.getReadTimeout() > 0
        ? Duration.ofMillis(http.getReadTimeout())
        : DestinationConfig.DEFAULT_NETWORK_TIMEOUT;
  }

  private static RetrySettings retryFor(Duration total) {
    return RetrySettings.newBuilder()
        .setInitialRetryDelayDuration(Duration.ofMillis(250))
        .setRetryDelayMultiplier(2)
        .setMaxRetryDelayDuration(Duration.ofSeconds(8))
        .setTotalTimeoutDuration(total)
        .build();
  }
}
