package io.gkp.localbigquery.jobs;

import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatus;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.api.ApiJson;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The job registry: accepts jobs, runs them in the background, and knows each of them for ever.
 *
 * <p>A job is durable before it is acknowledged, and so is its end. After a crash, {@link #recover}
 * finishes what was under way: none of it was committed, for a job's end is committed with its
 * rows. It runs again where that is safe and fails with {@code jobInternalError} where not.
 */
public final class Jobs implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Jobs.class);
  private static final int THREADS = 8;

  /** Whoever waits for a job asks for it again and again just after its end. */
  private static final int MOST_RECENT = 200;

  private static final String DELETED = "DELETED";

  private final JobStore store;
  private final List<JobWork> kinds;
  private final Map<JobKey, RunningJob> running = new ConcurrentHashMap<>();

  /** Those that ended last, as the store has them. */
  private final Map<JobKey, Job> recent =
      Collections.synchronizedMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<JobKey, Job> eldest) {
              return size() > MOST_RECENT;
            }
          });

  private final ExecutorService executor =
      Executors.newFixedThreadPool(
          THREADS,
          task -> {
            Thread thread = new Thread(task, "job");
            thread.setDaemon(true);
            return thread;
          });

  private Jobs(JobStore store, List<JobWork> kinds) {
    this.store = store;
    this.kinds = kinds;
  }

  /**
   * Opens the registry.
   *
   * @param uploads a directory that nobody else uses
   */
  public static Jobs open(JobHistory history, Path uploads, List<JobWork> kinds) {
    return new Jobs(JobStore.open(history, uploads), kinds);
  }

  /** Settles what a crash interrupted. To be called once, before anything else. */
  public void recover() {
    for (Job job : store.history().unfinished()) {
      RunningJob interrupted = new RunningJob(store, job);
      if (kind(job).isRepeatable()) {
        launch(interrupted, kind(job));
      } else {
        interrupted.fail(
            new JobFailure(
                List.of(
                    JobFailure.error(
                        "jobInternalError",
                        "The server stopped while the job ran. It may have had its effect. Retry"
                            + " with another job id.",
                        null))));
      }
    }
  }

  /**
   * Accepts a job. It is durable on return, and runs by itself.
   *
   * @param upload a durable file that becomes the job's
   * @throws ApiException {@code duplicate} (409) where the id was ever used, {@code invalid},
   *     {@code notFound} or {@code notImplemented} for what can be told at once
   */
  public Job insert(String project, Job given, Optional<Path> upload) {
    Job job = ApiJson.copy(given);
    JobReference reference =
        job.getJobReference() == null ? new JobReference() : ApiJson.copy(job.getJobReference());
    reference.setProjectId(project);
    if (reference.getJobId() == null) {
      reference.setJobId(JobNames.fresh());
    }
    JobNames.check(reference.getJobId());
    job.setJobReference(reference);
    checkUnused(job);
    JobWork kind = kind(job);
    reference.setLocation(kind.prepare(job));
    job.setKind("bigquery#job")
        .setId(JobNames.of(job))
        .setUserEmail("local@localhost")
        .setStatus(new JobStatus().setState("PENDING"))
        .setStatistics(new JobStatistics().setCreationTime(System.currentTimeMillis()));
    RunningJob accepted = new RunningJob(store, job);
    if (running.putIfAbsent(JobKey.of(job), accepted) != null) {
      throw ApiException.duplicate("Already Exists: Job " + JobNames.of(job));
    }
    try {
      store.insert(job, upload);
    } catch (RuntimeException e) {
      running.remove(JobKey.of(job));
      throw e;
    }
    Job acknowledged = accepted.snapshot();
    launch(accepted, kind);
    return acknowledged;
  }

  /** Throws {@code duplicate} (409) where the job's id was ever used. */
  public void checkUnused(Job job) {
    Optional<Job> known = find(JobKey.of(job));
    if (known.isPresent()) {
      throw ApiException.duplicate("Already Exists: Job " + JobNames.of(known.get()));
    }
  }

  private void launch(RunningJob job, JobWork kind) {
    JobKey key = job.key();
    running.put(key, job);
    executor.execute(
        () -> {
          try {
            run(job, kind);
          } finally {
            if (job.isDone()) {
              recent.putIfAbsent(key, job.ended());
              running.remove(key);
            }
          }
        });
  }

  private void run(RunningJob job, JobWork kind) {
    try {
      job.checkNotCancelled();
      job.start();
      kind.run(job);
    } catch (JobFailure e) {
      job.fail(e);
    } catch (ApiException e) {
      job.fail(JobFailure.of(e));
    } catch (Exception | Error e) {
      LOG.error("Job {} failed", job.key(), e);
      job.fail(
          new JobFailure(
              List.of(
                  JobFailure.error(
                      "jobInternalError", "The server failed; its log says more.", null))));
    }
  }

  private JobWork kind(Job job) {
    return kinds.stream()
        .filter(kind -> kind.accepts(job))
        .findFirst()
        .orElseThrow(() -> refused(job));
  }

  private static ApiException refused(Job job) {
    if (job.getConfiguration() != null && job.getConfiguration().getExtract() != null) {
      return ApiException.notImplemented("extract jobs");
    }
    return new ApiException(400, "required", "Required parameter is missing: configuration");
  }

  /**
   * Finds a job.
   *
   * @param location where the caller looks for it; empty looks in US and EU only, as the real
   *     service does
   * @throws ApiException {@code notFound} (404)
   */
  public Job get(String project, String id, Optional<String> location) {
    Job job = get(project, id);
    String actual = job.getJobReference().getLocation();
    boolean looksThere =
        location
            .map(actual::equalsIgnoreCase)
            .orElse(actual.equalsIgnoreCase("US") || actual.equalsIgnoreCase("EU"));
    if (!looksThere) {
      throw JobNames.notFound(project, id);
    }
    return job;
  }

  /** Finds a job wherever it ran; throws {@code notFound} (404). */
  public Job get(String project, String id) {
    return find(new JobKey(project, id))
        .filter(job -> !isDeleted(job))
        .orElseThrow(() -> JobNames.notFound(project, id));
  }

  /**
   * Forgets all of a finished job but its id.
   *
   * @throws ApiException {@code invalid} (400) where it is still running
   */
  public void delete(Job job) {
    if (!job.getStatus().getState().equals("DONE")) {
      throw ApiException.invalid("Job " + job.getId() + " is still running.");
    }
    Job deleted =
        new Job()
            .setJobReference(job.getJobReference())
            .setStatus(new JobStatus().setState(DELETED));
    store.finish(deleted);
    recent.put(JobKey.of(job), deleted);
  }

  static boolean isDeleted(Job job) {
    return DELETED.equals(job.getStatus().getState());
  }

  /** Waits for a job's end, no longer than this, and returns it as it then is. */
  public Job await(Job job, Duration timeout) {
    RunningJob waited = running.get(JobKey.of(job));
    if (waited != null) {
      try {
        waited.await(timeout);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      return waited.snapshot();
    }
    return find(JobKey.of(job)).orElse(job);
  }

  private Optional<Job> find(JobKey key) {
    RunningJob live = running.get(key);
    if (live != null) {
      return Optional.of(live.snapshot());
    }
    Job ended = recent.get(key);
    return ended == null ? store.history().find(key) : Optional.of(ApiJson.copy(ended));
  }

  /** Asks the job to stop; it may end otherwise before it notices. */
  public Job cancel(Job job) {
    RunningJob live = running.get(JobKey.of(job));
    if (live != null) {
      live.cancel();
    }
    return find(JobKey.of(job)).orElse(job);
  }

  /** All jobs of the project, the newest first. */
  public List<Job> list(String project) {
    return Stream.concat(
            running.values().stream().map(RunningJob::snapshot),
            store.history().finished().stream())
        .filter(job -> job.getJobReference().getProjectId().equals(project) && !isDeleted(job))
        .sorted(
            Comparator.comparing((Job job) -> job.getStatistics().getCreationTime())
                .reversed()
                .thenComparing(Job::getId))
        .toList();
  }

  /** Stops accepting; jobs under way get a moment, what then is left runs at the next start. */
  @Override
  public void close() {
    executor.shutdown();
    try {
      executor.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    executor.shutdownNow();
  }
}
