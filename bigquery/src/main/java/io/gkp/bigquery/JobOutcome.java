package io.gkp.bigquery;

import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.QueryJobConfiguration;
import java.util.Map;

/**
 * A query job that succeeded.
 *
 * @param bytesProcessed what the job read; what on-demand pricing bills by
 * @param labels as the job was created with them, perhaps by an earlier run
 */
public record JobOutcome(String jobId, long bytesProcessed, Map<String, String> labels) {
  static JobOutcome of(Job job) {
    QueryStatistics statistics = job.getStatistics();
    Long bytes = statistics == null ? null : statistics.getTotalBytesProcessed();
    QueryJobConfiguration configuration = job.getConfiguration();
    Map<String, String> labels = configuration.getLabels();
    return new JobOutcome(
        job.getJobId().getJob(), bytes == null ? 0 : bytes, labels == null ? Map.of() : labels);
  }
}
