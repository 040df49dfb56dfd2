package io.gkp.localbigquery.jobs;

import com.google.api.services.bigquery.model.ErrorProto;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatus;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import io.gkp.localbigquery.storage.Session;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A job between its acceptance and its end. */
public final class RunningJob {
  private final JobStore store;
  private final CountDownLatch done = new CountDownLatch(1);
  private volatile Job job;
  private volatile boolean cancelled;
  private Job outcome;

  RunningJob(JobStore store, Job job) {
    this.store = store;
    this.job = job;
  }

  JobKey key() {
    return JobKey.of(job);
  }

  /** The job as clients see it now. */
  public Job snapshot() {
    return ApiJson.copy(job);
  }

  /** The job after its end, which nobody changes any more. */
  Job ended() {
    return job;
  }

  /** What was uploaded with it. */
  public Path upload() {
    return store.upload(JobKey.of(job));
  }

  /** The job as it will be when it has succeeded with these statistics. */
  public Job success(JobStatistics statistics) {
    return success(statistics, List.of());
  }

  /** As {@link #success(JobStatistics)}, with errors that did not keep it from succeeding. */
  public Job success(JobStatistics statistics, List<ErrorProto> errors) {
    return finished(
        new JobStatus().setState("DONE").setErrors(errors.isEmpty() ? null : errors), statistics);
  }

  /** Writes the job's end into the transaction that writes its rows; {@link #committed} follows. */
  public void record(Session session, Job success) {
    store.history().end(session, success);
  }

  /**
   * Writes a job that ran as part of this one and has ended, into the session's transaction or one
   * of its own; {@link #childCommitted} follows.
   */
  public void recordChild(Session session, Job child) {
    store.history().add(session, child);
  }

  /** Makes the job visible. Nobody may change it any more. */
  public void childCommitted(Job child) {
    store.history().committed(child);
  }

  /** Makes the end visible that was committed with the job's rows. Nobody may change it then. */
  public synchronized void committed(Job success) {
    outcome = success;
    store.history().committed(success);
    end();
    store.forgetUpload(JobKey.of(success));
  }

  /**
   * Makes the job's end durable, then visible. The first end given is the job's end: where it
   * cannot be written (a full disk), the next attempt to end the job writes it, and not a failure.
   */
  public synchronized void complete(Job finished) {
    outcome = outcome == null ? finished : outcome;
    store.finish(outcome);
    end();
  }

  private void end() {
    job = outcome;
    done.countDown();
  }

  /** Throws {@code stopped} where somebody has cancelled the job. */
  public void checkNotCancelled() {
    if (cancelled) {
      throw new ApiException(499, "stopped", "Job execution was cancelled: User requested it");
    }
  }

  void cancel() {
    cancelled = true;
  }

  void start() {
    Job started = snapshot();
    started.setStatus(new JobStatus().setState("RUNNING"));
    started.getStatistics().setStartTime(System.currentTimeMillis());
    job = started;
  }

  void fail(JobFailure failure) {
    complete(finished(failure.status(), new JobStatistics()));
  }

  boolean await(Duration timeout) throws InterruptedException {
    return done.await(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  boolean isDone() {
    return done.getCount() == 0;
  }

  private Job finished(JobStatus status, JobStatistics statistics) {
    Job finished = snapshot();
    JobStatistics known = finished.getStatistics();
    long now = System.currentTimeMillis();
    statistics.setCreationTime(known.getCreationTime());
    statistics.setStartTime(
        known.getStartTime() == null ? Long.valueOf(now) : known.getStartTime());
    statistics.setEndTime(now);
    return finished.setStatus(status).setStatistics(statistics);
  }
}
