package io.gkp.connector.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.QueryJobConfiguration;
import java.util.Map;
import java.util.UUID;

/**
 * Jobs that do nothing but exist: BigQuery lets a job id be used once, and that makes it a
 * compare-and-set. The query reads no table and is billed nothing.
 */
final class MarkerJobs {
  private static final String NONCE = "gkp_nonce";
  private static final int MAX_TRIES = 8;

  private final BigQuery bigquery;
  private final BigQueryErrors errors;

  MarkerJobs(BigQuery bigquery, BigQueryErrors errors) {
    this.bigquery = bigquery;
    this.errors = errors;
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
    Backoff backoff = new Backoff();
    for (int tries = 1; ; tries++) {
      try {
        // Where the id is taken the client may answer with the job that holds it.
        return isOurs(bigquery.create(JobInfo.of(id, nothing)), nonce);
      } catch (BigQueryException e) {
        if (e.getCode() == 409) {
          return isOurs(existing(id), nonce);
        }
        if (!BigQueryErrors.isTransient(e) || tries >= MAX_TRIES) {
          throw errors.toFailure("job " + id.getJob(), e);
        }
      }
      backoff.pause();
    }
  }

  private Job existing(JobId id) {
    try {
      return bigquery.getJob(id);
    } catch (BigQueryException e) {
      throw errors.toFailure("the status of job " + id.getJob(), e);
    }
  }

  private static boolean isOurs(Job job, String nonce) {
    return job != null
        && job.getConfiguration() instanceof QueryJobConfiguration query
        && query.getLabels() != null
        && nonce.equals(query.getLabels().get(NONCE));
  }
}
