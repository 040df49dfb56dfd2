package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobCancelResponse;
import com.google.api.services.bigquery.model.JobList;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.jobs.Jobs;
import io.gkp.localbigquery.query.QueryWork;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Jobs.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs">jobs</a>
 */
final class JobsResource {
  private static final int PAGE = 50;

  /** A statement that ends so soon is done when its insertion is answered: nobody has to ask. */
  private static final Duration SHORT = Duration.ofMillis(200);

  private final Jobs jobs;
  private final QueryWork queries;

  JobsResource(Jobs jobs, QueryWork queries) {
    this.jobs = jobs;
    this.queries = queries;
  }

  void register(Router router) {
    String all = "projects/{project}/jobs";
    String one = all + "/{job}";
    router
        .on("GET", all, this::list)
        .on("POST", all, this::insert)
        .on("GET", one, this::get)
        .on("POST", one + "/cancel", this::cancel)
        .on("DELETE", one + "/delete", this::delete);
  }

  private Response insert(Request request) throws IOException {
    return Response.ok(shown(insert(request.path("project"), request.json(Job.class))));
  }

  private Job insert(String project, Job job) {
    if (job.getConfiguration() != null && job.getConfiguration().getLoad() != null) {
      if (job.getConfiguration().getLoad().getSourceUris() != null) {
        throw ApiException.notImplemented("load jobs from sourceUris: upload the file");
      }
      throw ApiException.invalid("Load configuration must specify at least one source URI");
    }
    boolean dryRun =
        job.getConfiguration() != null && Boolean.TRUE.equals(job.getConfiguration().getDryRun());
    return dryRun
        ? queries.dryRun(project, job)
        : jobs.await(jobs.insert(project, job, Optional.empty()), SHORT);
  }

  private Response get(Request request) {
    return Response.ok(shown(existing(request)));
  }

  private Response cancel(Request request) {
    return Response.ok(
        new JobCancelResponse()
            .setKind("bigquery#jobCancelResponse")
            .setJob(shown(jobs.cancel(existing(request)))));
  }

  private Response delete(Request request) {
    jobs.delete(existing(request));
    return Response.ok(Map.of());
  }

  private Response list(Request request) {
    Optional<String> state = request.query("stateFilter");
    long from = request.number("minCreationTime").orElse(0L);
    long to = request.number("maxCreationTime").orElse(Long.MAX_VALUE);
    Optional<String> parent = request.query("parentJobId");
    List<Job> fitting =
        jobs.list(request.path("project")).stream()
            .filter(job -> Optional.ofNullable(job.getStatistics().getParentJobId()).equals(parent))
            .filter(job -> state.map(job.getStatus().getState()::equalsIgnoreCase).orElse(true))
            .filter(job -> job.getStatistics().getCreationTime() >= from)
            .filter(job -> job.getStatistics().getCreationTime() <= to)
            .toList();
    Page<Job> page = Page.of(fitting, request, PAGE);
    return Response.ok(
        new JobList()
            .setKind("bigquery#jobList")
            .setJobs(page.items().stream().map(JobsResource::listed).toList())
            .setNextPageToken(page.nextToken()));
  }

  private static JobList.Jobs listed(Job job) {
    return new JobList.Jobs()
        .setKind("bigquery#job")
        .setId(job.getId())
        .setJobReference(job.getJobReference())
        .setState(job.getStatus().getState())
        .setStatus(job.getStatus())
        .setErrorResult(job.getStatus().getErrorResult())
        .setStatistics(job.getStatistics())
        .setConfiguration(job.getConfiguration())
        .setUserEmail(job.getUserEmail());
  }

  private Job existing(Request request) {
    return jobs.get(request.path("project"), request.path("job"), request.query("location"));
  }

  static Job shown(Job job) {
    return job.setEtag(job.getStatus().getState());
  }
}
