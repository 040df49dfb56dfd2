package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobStatistics.LoadStatistics;
import com.google.cloud.bigquery.JobStatus;
import com.google.cloud.bigquery.LoadJobConfiguration;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Load jobs that happen exactly once: BigQuery's job registry is asked instead of guessed about.
 *
 * <p>A job id can be used once, for ever. So whatever is unknown after a lost answer is settled by
 * offering the same id again and, when it is taken, by looking at the job that holds it. A failed
 * job keeps its id; the next attempt has the next suffix {@code _a<attempt>}.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/running-jobs#generate-jobid">job ids</a>
 */
public final class LoadJobs {
  private static final Logger log = LoggerFactory.getLogger(LoadJobs.class);

  private static final int MAX_ATTEMPTS = 6;

  private final DestinationConfig config;
  private final String location;
  private final Failures failures;
  private final MarkerJobs markers;
  private final Uploads uploads;
  private final Calls calls;
  private final Jobs jobs;

  /**
   * @param location the dataset's location; jobs run there
   */
  public LoadJobs(BigQuery bigquery, DestinationConfig config, String location) {
    this.config = config;
    this.location = location;
    this.calls = new Calls(config);
    this.failures = calls.failures();
    this.jobs = new Jobs(bigquery, calls);
    this.markers = new MarkerJobs(bigquery, calls, jobs);
    this.uploads = new Uploads(bigquery, config);
  }

  /**
   * A job that BigQuery has taken on: its id is used, its content will be loaded or it will fail.
   */
  public record Accepted(LoadRequest request, int attempt, Job job) {}

  /**
   * What is known of a job.
   *
   * @param job its newest attempt that is a load job, done
   * @param nextAttempt first attempt whose id is free
   */
  public record Found(Job job, int nextAttempt) {
    public boolean isLoaded() {
      return job.getStatus().getError() == null;
    }

    public Map<String, String> labels() {
      return labelsOf(job);
    }
  }

  /** What {@link #settle} finds: the job, if there ever was one, and the next free attempt. */
  public record Settled(Optional<Found> found, int nextAttempt) {}

  /**
   * Takes a job id for this process alone.
   *
   * @return false when it was taken before, by whomever
   */
  public boolean claim(String jobId) throws InterruptedException {
    return markers.take(id(jobId));
  }

  /**
   * Decides for ever what an earlier process did under an id: the newest attempt is waited for, and
   * the first attempt that does not exist is made impossible, so that a request which is still on
   * its way comes too late.
   *
   * @param jobId id without the attempt
   */
  public Settled settle(String jobId) throws InterruptedException {
    Found newest = null;
    for (int attempt = 0; ; attempt++) {
      JobId id = id(jobId + "_a" + attempt);
      Job job = jobs.find(id);
      if (job == null && markers.take(id)) {
        return new Settled(Optional.ofNullable(newest), attempt + 1);
      }
      Job done = jobs.untilDone(job == null ? jobs.find(id) : job);
      if (done.getConfiguration() instanceof LoadJobConfiguration) {
        newest = new Found(done, attempt + 1);
        if (newest.isLoaded()) {
          return new Settled(Optional.of(newest), attempt + 1);
        }
      }
    }
  }

  /**
   * The job under an id that has loaded, if there is one; decides nothing.
   *
   * @param jobId id without the attempt
   */
  public Optional<Found> loaded(String jobId) throws InterruptedException {
    for (int attempt = 0; ; attempt++) {
      Job job = jobs.find(id(jobId + "_a" + attempt));
      if (job == null) {
        return Optional.empty();
      }
      Found found = new Found(job, attempt + 1);
      if (job.getConfiguration() instanceof LoadJobConfiguration
          && JobStatus.State.DONE.equals(job.getStatus().getState())
          && found.isLoaded()) {
        return Optional.of(found);
      }
    }
  }

  /** Uploads and creates the job; returns once its id is taken. */
  public Accepted accept(LoadRequest request, int firstAttempt) throws InterruptedException {
    for (int attempt = firstAttempt; ; attempt++) {
      Job job = accept(request, id(request.jobId() + "_a" + attempt));
      if (job != null) {
        return new Accepted(request, attempt, job);
      }
    }
  }

  /**
   * Waits until the rows are in the table, with further attempts where the service had trouble.
   *
   * @return the job that loaded them
   * @throws ExportException when the job fails for good; nothing of it is in the table then
   */
  public Job untilLoaded(Accepted accepted) throws InterruptedException {
    LoadRequest request = accepted.request();
    Accepted current = accepted;
    Backoff backoff = calls.backoff();
    while (true) {
      Job job = jobs.untilDone(current.job());
      BigQueryError error = job.getStatus().getError();
      if (error == null) {
        checkRows(request, job);
        return job;
      }
      log.warn(
          "Load job {} into {} failed: reason {}",
          job.getJobId().getJob(),
          request.tableName(),
          Trouble.reasonOf(error));
      if (!Trouble.isPassing(error) || current.attempt() - accepted.attempt() + 1 >= MAX_ATTEMPTS) {
        throw failures.of(
            "load job " + job.getJobId().getJob() + " into " + request.tableName(), error);
      }
      backoff.pause();
      current = accept(request, current.attempt() + 1);
    }
  }

  /** The job under this id, or null when it was taken by a failed attempt of the same content. */
  private @Nullable Job accept(LoadRequest request, JobId id) throws InterruptedException {
    Backoff backoff = calls.backoff();
    while (true) {
      try {
        Job job = uploads.upload(request, id);
        if (job != null) {
          return job;
        }
      } catch (BigQueryException | IOException e) {
        boolean taken = e instanceof BigQueryException known && known.getCode() == 409;
        if (!taken && !Trouble.isPassing(e)) {
          throw failures.of("load job " + id.getJob(), e);
        }
        Job existing = jobs.find(id);
        if (existing != null) {
          return adopt(request, existing);
        }
        ExportException failure = failures.of("load job " + id.getJob(), e);
        if (backoff.isExhausted()) {
          throw failure;
        }
        log.warn("{} Trying again", failure.getMessage());
      }
      backoff.pause();
    }
  }

  /** Ours when it holds the same content; somebody else's when not, and then this run must end. */
  private @Nullable Job adopt(LoadRequest request, Job existing) {
    if (!request.labels().equals(labelsOf(existing))) {
      throw new ExportException(
          Failure.LINEAGE_TAKEN_OVER,
          "Load job "
              + existing.getJobId().getJob()
              + " exists with other content: another run has"
              + " gone on from here.",
          "Nothing was written by this run since; let the other one finish.");
    }
    JobStatus status = existing.getStatus();
    boolean failed = status.getState() == JobStatus.State.DONE && status.getError() != null;
    return failed && Trouble.isPassing(status.getError()) ? null : existing;
  }

  private void checkRows(LoadRequest request, Job job) {
    LoadStatistics statistics = job.getStatistics();
    if (statistics.getOutputRows() == null || statistics.getOutputRows() != request.rows()) {
      throw new ExportException(
          Failure.INTERNAL,
          "Load job %s reports %s rows instead of %s."
              .formatted(job.getJobId().getJob(), statistics.getOutputRows(), request.rows()),
          "Report this; the position was not moved.");
    }
  }

  private JobId id(String job) {
    return JobId.newBuilder()
        .setProject(config.project())
        .setLocation(location)
        .setJob(job)
        .build();
  }

  private static Map<String, String> labelsOf(Job job) {
    if (job.getConfiguration() instanceof LoadJobConfiguration load && load.getLabels() != null) {
      return load.getLabels();
    }
    return Map.of();
  }
}
