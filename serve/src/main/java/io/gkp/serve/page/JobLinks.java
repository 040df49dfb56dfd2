package io.gkp.serve.page;

import io.gkp.bigquery.DestinationConfig;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Where BigQuery's console shows a job. */
public record JobLinks(DestinationConfig destination) {
  /** Null where the console does not have it: an emulator's, or one of an unknown location. */
  public @Nullable String url(String jobId) {
    if (destination.host() != null || destination.location() == null) {
      return null;
    }
    return "https://console.cloud.google.com/bigquery?project=%s&page=queryresults&j=bq:%s:%s"
        .formatted(
            destination.project(),
            URLEncoder.encode(destination.location(), StandardCharsets.UTF_8),
            URLEncoder.encode(jobId, StandardCharsets.UTF_8));
  }
}
