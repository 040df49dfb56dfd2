package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import java.io.IOException;
import java.util.Map;
import java.util.UUID;

/**
 * Jobs that do nothing but exist: BigQuery lets a job id be used once, and that makes it a
 * compare-and-set. The query reads no table and is billed nothing.
 */
final class MarkerJobs {
  private static final String NONCE = "gkp_nonce";

  private final BigQuery bigquery;
  private final Calls calls;
  private final Jobs jobs;

  MarkerJobs(BigQuery bigquery, Calls calls, Jobs jobs) {
    this.bigquery = bigquery;
    this.calls = calls;
    this.jobs = jobs;
  }

  /**
   * Uses an id up.
   *
   * @return false when it was used before
   */
  boolean take(JobId id) throws InterruptedException {
    String nonce = UUID.randomUUID().toString();
    QueryJobConfiguration nothing =
        QueryJobConfiguration.newBuilder("SELECT 1")
            .setUseLegacySql(false)
            .setLabels(Map.of(NONCE, nonce))
            .build();
    Backoff backoff = calls.backoff();
    while (true) {
      try {
        // Where the id is taken the client may answer with the job that holds it.
        return isOurs(OwnThread.call(() -> bigquery.create(JobInfo.of(id, nothing))), nonce);
      } catch (BigQueryException | IOException e) {
        if (e instanceof BigQueryException known && known.getCode() == 409) {
          return isOurs(jobs.find(id), nonce);
        }
        if (!Trouble.isPassing(e) || backoff.isExhausted()) {
          throw calls.failures().of("job " + id.getJob(), e);
        }
      }
      backoff.pause();
    }
  }

  private static boolean isOurs(Job job, String nonce) {
    return job != null
        && job.getConfiguration() instanceof QueryJobConfiguration query
        && query.getLabels() != null
        && nonce.equals(query.getLabels().get(NONCE));
  }
}
