package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobStatus;
import io.gkp.failure.ExportException;
import java.io.IOException;

/** Jobs of any kind, by their ids. */
final class Jobs {
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

  /** Waits until the job has ended, well or not. */
  Job untilDone(Job job) throws InterruptedException {
    Backoff backoff = calls.backoff();
    Job current = job;
    while (current.getStatus() == null
        || !JobStatus.State.DONE.equals(current.getStatus().getState())) {
      backoff.pause();
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
