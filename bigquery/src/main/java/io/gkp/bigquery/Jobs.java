package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobStatus;
import io.gkp.failure.ExportException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Jobs of any kind, by their ids. */
final class Jobs {
  private static final long SHORTEST_PAUSE = 50;
  private static final long LONGEST_PAUSE = 5_000;

  /**
   * A pause is this part of the time that the job has taken so far. That makes some 35 requests in
   * ten seconds; 100 a second are allowed.
   *
   * @see <a href="https://cloud.google.com/bigquery/quotas#api_request_quotas">quotas</a>
   */
  private static final int LOOKS = 10;

  private final BigQuery bigquery;
  private final Calls calls;

  Jobs(BigQuery bigquery, Calls calls) {
    this.bigquery = bigquery;
    this.calls = calls;
  }

  /** The job, null where there is none. */
  Job find(JobId id) throws InterruptedException {
    return calls.repeat("the status of job " + id.getJob(), () -> bigquery.getJob(id));
  }

  /**
   * Waits until the job has ended, well or not. Its end is seen a tenth of its time later at most,
   * whether that is a second or minutes.
   */
  Job untilDone(Job job) throws InterruptedException {
    long began = System.nanoTime();
    Job current = job;
    while (current.getStatus() == null
        || !JobStatus.State.DONE.equals(current.getStatus().getState())) {
      long share = Duration.ofNanos(System.nanoTime() - began).toMillis() / LOOKS;
      long pause = Math.max(SHORTEST_PAUSE, Math.min(LONGEST_PAUSE, share));
      // Up to half of it less, so that jobs are not asked after in step.
      Thread.sleep(ThreadLocalRandom.current().nextLong(pause / 2, pause + 1));
      // Not job.reload(): that throws, without a code, where the job has failed.
      current = find(job.getJobId());
      if (current == null) {
        throw disappeared(job.getJobId());
      }
    }
    return current;
  }

  /** Somebody has deleted the project's job history. */
  ExportException disappeared(JobId id) {
    return calls
        .failures()
        .of(
            "the status of job " + id.getJob() + ", which has disappeared,",
            Trouble.REFUSED,
            "",
            new IOException("no such job any more"));
  }
}
