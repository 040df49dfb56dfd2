package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobId;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.JobStatus;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import io.gkp.failure.ExportException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Runs statements as BigQuery jobs. A request whose outcome is unknown is sent again under the same
 * job id, so that a statement never runs twice; a job that failed for a passing reason is tried
 * again under the next one. What a statement creates stays until somebody deletes it, whatever its
 * dataset says of new tables.
 */
public final class QueryJobs {
  private static final int MAX_ATTEMPTS = 5;

  private final BigQuery client;
  private final String project;
  private final String location;
  private final Calls calls;
  private final Jobs jobs;
  private final Permanence permanence;

  /**
   * @param location where the datasets are; null leaves it to BigQuery, which then does not find a
   *     job again outside of its default
   */
  public QueryJobs(BigQuery client, String project, String location, Calls calls) {
    this.client = client;
    this.project = project;
    this.location = location;
    this.calls = calls;
    this.jobs = new Jobs(client, calls);
    this.permanence = new Permanence(client, calls);
  }

  /** Runs a statement for its effect. */
  public JobOutcome run(String what, String sql) {
    try {
      return run(what, newId(), 1, statement(sql).build());
    } catch (InterruptedException e) {
      throw Calls.interrupted(what, e);
    }
  }

  /**
   * Runs a statement that may have been started before, by this process or another: where the job
   * exists it is waited for instead. One that has failed before this call says nothing of this one,
   * for its reason may be gone: the statement then runs under the number of the next attempt.
   *
   * @param what for messages
   * @param id the job's id without the number of the attempt
   * @throws ExportException where it fails for good
   */
  public JobOutcome run(String what, String id, String sql, Map<String, String> labels) {
    try {
      int first = firstAttempt(what, id);
      return run(what, id, first, statement(sql).setLabels(labels).build());
    } catch (InterruptedException e) {
      throw Calls.interrupted(what, e);
    }
  }

  /** Runs a query for its rows, which must be few. */
  public List<FieldValueList> rows(String what, String sql) {
    try {
      Job job = done(what, newId(), 1, statement(sql).build());
      return calls.repeat(
          what,
          () -> {
            List<FieldValueList> rows = new ArrayList<>();
            job.getQueryResults().iterateAll().forEach(rows::add);
            return rows;
          });
    } catch (InterruptedException e) {
      throw Calls.interrupted(what, e);
    }
  }

  /**
   * What BigQuery says of a statement without executing it, which is free.
   *
   * @throws ExportException where it is wrong
   */
  public QueryStatistics dryRun(String what, String sql) {
    return calls.repeatToTheEnd(
        what,
        () -> client.create(JobInfo.of(statement(sql).setDryRun(true).build())).getStatistics());
  }

  /** Lets a table or view stay that was created when nobody saw to that. */
  public void keep(Table table) {
    permanence.keep(table);
  }

  /** Writes a label on a table, which keeps its other ones. */
  public void label(TableId id, String label, String value) {
    String doing = "labelling " + id.getTable();
    Table table = calls.repeatToTheEnd(doing, () -> client.getTable(id));
    Map<String, String> labels = new HashMap<>(table.getLabels());
    if (!value.equals(labels.put(label, value))) {
      calls.repeatToTheEnd(doing, () -> client.update(table.toBuilder().setLabels(labels).build()));
    }
  }

  private static QueryJobConfiguration.Builder statement(String sql) {
    return QueryJobConfiguration.newBuilder(sql).setUseLegacySql(false);
  }

  private static String newId() {
    return "gkp_models_" + UUID.randomUUID();
  }

  private JobOutcome run(String what, String id, int first, QueryJobConfiguration statement)
      throws InterruptedException {
    Job job = done(what, id, first, statement);
    permanence.keep(job);
    return JobOutcome.of(job);
  }

  /** One run fails under one number or few, so there are as many to ask for as runs that failed. */
  private int firstAttempt(String what, String id) throws InterruptedException {
    for (int attempt = 1; ; attempt++) {
      JobId job = jobId(id, attempt);
      if (!calls.repeat(what, () -> hasFailed(job))) {
        return attempt;
      }
    }
  }

  private boolean hasFailed(JobId id) {
    Job job = client.getJob(id);
    return job != null
        && job.getStatus().getState() == JobStatus.State.DONE
        && job.getStatus().getError() != null;
  }

  private Job done(String what, String id, int first, QueryJobConfiguration statement)
      throws InterruptedException {
    Backoff backoff = calls.backoff();
    for (int attempt = first; ; attempt++) {
      Job job = jobs.untilDone(start(what, jobId(id, attempt), statement));
      JobStatus status = job.getStatus();
      if (status.getError() == null) {
        return job;
      }
      if (attempt >= first + MAX_ATTEMPTS - 1 || !Trouble.isPassing(status.getError())) {
        throw calls.failures().of(what, status.getError());
      }
      backoff.pause();
    }
  }

  private JobId jobId(String id, int attempt) {
    return JobId.newBuilder()
        .setProject(project)
        .setLocation(location)
        .setJob(id + "_a" + attempt)
        .build();
  }

  /** The job under this id, whoever has created it. */
  private Job start(String what, JobId id, QueryJobConfiguration statement)
      throws InterruptedException {
    Job job =
        calls.repeat(
            what,
            () -> {
              try {
                return client.create(JobInfo.of(id, statement));
              } catch (BigQueryException e) {
                if (e.getCode() == Calls.CONFLICT) {
                  return client.getJob(id);
                }
                throw e;
              }
            });
    if (job == null) {
      throw jobs.disappeared(id);
    }
    return job;
  }
}
