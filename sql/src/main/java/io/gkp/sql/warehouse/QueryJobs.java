package io.gkp.sql.warehouse;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.JobStatus;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Table;
import io.gkp.sql.render.Datasets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Runs statements as BigQuery jobs. A request whose outcome is unknown is sent again under the same
 * job id, so that a statement never runs twice; a job that failed for a passing reason is tried
 * again under the next one. What a statement creates stays until somebody deletes it, whatever its
 * dataset says of new tables.
 */
public final class QueryJobs {
  private static final int MAX_ATTEMPTS = 5;
  private static final Duration FIRST_WAIT = Duration.ofMillis(20);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(2);

  private final BigQuery client;
  private final String project;
  private final String location;
  private final Permanence permanence;

  /**
   * @param location where the datasets are; null leaves it to BigQuery
   */
  public QueryJobs(BigQuery client, String project, String location) {
    this.client = client;
    this.project = project;
    this.location = location;
    this.permanence = new Permanence(client);
  }

  /**
   * Jobs where the raw dataset is: without a location BigQuery does not find a job again.
   *
   * @throws ModelException where the dataset is missing or cannot be read
   */
  public static QueryJobs at(BigQuery client, Datasets datasets, Optional<String> location) {
    return new QueryJobs(
        client, datasets.project(), location.orElseGet(() -> locationOf(client, datasets)));
  }

  private static String locationOf(BigQuery client, Datasets datasets) {
    try {
      Dataset dataset = client.getDataset(DatasetId.of(datasets.project(), datasets.raw()));
      if (dataset == null) {
        throw new ModelException(
            ModelException.Fault.CONFIGURATION,
            "There is no dataset " + datasets.raw() + ". The first export creates it.");
      }
      return dataset.getLocation();
    } catch (BigQueryException e) {
      throw ModelException.of("dataset " + datasets.raw(), e);
    }
  }

  /** Runs a statement for its effect. */
  public JobOutcome run(String what, String sql) {
    return run(what, "gkp_models_" + UUID.randomUUID(), sql, Map.of());
  }

  /**
   * Runs a statement that may have been started before, by this process or another: where the job
   * exists it is waited for instead.
   *
   * @param what for messages
   * @param id the job's id without the number of the attempt
   * @throws ModelException where it fails for good
   */
  public JobOutcome run(String what, String id, String sql, Map<String, String> labels) {
    QueryJobConfiguration configuration =
        QueryJobConfiguration.newBuilder(sql).setUseLegacySql(false).setLabels(labels).build();
    for (int attempt = 1; ; attempt++) {
      Job job = await(what, start(what, jobId(id + "_a" + attempt), configuration));
      JobStatus status = job.getStatus();
      if (status.getError() == null) {
        permanence.keep(job);
        return JobOutcome.of(job);
      }
      if (attempt >= MAX_ATTEMPTS || !ModelException.isTransient(status.getError())) {
        throw ModelException.of(what, status.getError());
      }
      sleep(FIRST_WAIT.multipliedBy(1L << attempt));
    }
  }

  /** Runs a query for its rows, which must be few. */
  public List<FieldValueList> rows(String what, String sql) {
    QueryJobConfiguration configuration =
        QueryJobConfiguration.newBuilder(sql).setUseLegacySql(false).build();
    Job job = await(what, start(what, jobId("gkp_models_" + UUID.randomUUID()), configuration));
    if (job.getStatus().getError() != null) {
      throw ModelException.of(what, job.getStatus().getError());
    }
    try {
      List<FieldValueList> rows = new ArrayList<>();
      job.getQueryResults().iterateAll().forEach(rows::add);
      return rows;
    } catch (BigQueryException e) {
      throw ModelException.of(what, e);
    } catch (InterruptedException e) {
      throw interrupted(what);
    }
  }

  /** What a query would read, found by a dry run, which is free. */
  public long bytesOf(String what, String sql) {
    QueryJobConfiguration configuration =
        QueryJobConfiguration.newBuilder(sql).setUseLegacySql(false).setDryRun(true).build();
    try {
      QueryStatistics statistics = client.create(JobInfo.of(configuration)).getStatistics();
      return statistics.getTotalBytesProcessed();
    } catch (BigQueryException e) {
      throw ModelException.of(what, e);
    }
  }

  /** Lets a table or view stay that was created when nobody saw to that. */
  public void keep(Table table) {
    permanence.keep(table);
  }

  private JobId jobId(String id) {
    return JobId.newBuilder().setProject(project).setLocation(location).setJob(id).build();
  }

  private Job start(String what, JobId id, QueryJobConfiguration configuration) {
    BigQueryException last = null;
    for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
      try {
        return client.create(JobInfo.of(id, configuration));
      } catch (BigQueryException e) {
        if (e.getCode() == 409) {
          return existing(what, id);
        }
        if (!ModelException.isTransient(e)) {
          throw ModelException.of(what, e);
        }
        last = e;
        sleep(FIRST_WAIT.multipliedBy(1L << attempt));
      }
    }
    throw ModelException.of(what, last);
  }

  private Job existing(String what, JobId id) {
    try {
      return client.getJob(id);
    } catch (BigQueryException e) {
      throw ModelException.of(what, e);
    }
  }

  private Job await(String what, Job started) {
    Job job = started;
    Duration wait = FIRST_WAIT;
    int failures = 0;
    while (job.getStatus().getState() != JobStatus.State.DONE) {
      sleep(wait);
      Duration longer = wait.multipliedBy(3).dividedBy(2);
      wait = longer.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : longer;
      try {
        // Not job.reload(): that throws, without a code, where the job has failed.
        job = client.getJob(job.getJobId());
        failures = 0;
      } catch (BigQueryException e) {
        if (++failures >= MAX_ATTEMPTS || !ModelException.isTransient(e)) {
          throw ModelException.of(what, e);
        }
      }
    }
    return job;
  }

  private static void sleep(Duration time) {
    try {
      Thread.sleep(time.toMillis());
    } catch (InterruptedException e) {
      throw interrupted("waiting for a job");
    }
  }

  private static ModelException interrupted(String what) {
    Thread.currentThread().interrupt();
    return new ModelException(ModelException.Fault.UNAVAILABLE, what + ": interrupted");
  }
}
