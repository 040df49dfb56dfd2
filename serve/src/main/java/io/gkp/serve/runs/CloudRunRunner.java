package io.gkp.serve.runs;

import com.google.api.gax.rpc.ApiException;
import com.google.cloud.run.v2.EnvVar;
import com.google.cloud.run.v2.Execution;
import com.google.cloud.run.v2.ExecutionsClient;
import com.google.cloud.run.v2.ExecutionsSettings;
import com.google.cloud.run.v2.JobsClient;
import com.google.cloud.run.v2.JobsSettings;
import com.google.cloud.run.v2.RunJobRequest;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * Runs as executions of a Cloud Run job, which is deployed as the schedule's is; only what differs
 * is given to the execution's environment. An execution is found again by the run's id there.
 *
 * @see <a href="https://cloud.google.com/run/docs/execute/jobs">Cloud Run: executing jobs</a>
 */
public final class CloudRunRunner implements Runner {
  /** What {@code --runner} has behind its colon. */
  public static final Pattern JOB =
      Pattern.compile("projects/[a-z0-9:.-]+/locations/[a-z0-9-]+/jobs/[a-z0-9-]+");

  private static final int LOOKED_AT = 20;
  private static final long START_SECONDS = 60;

  private final String job;
  private final JobsClient jobs;
  private final ExecutionsClient executions;

  CloudRunRunner(String job, JobsClient jobs, ExecutionsClient executions) {
    this.job = job;
    this.jobs = jobs;
    this.executions = executions;
  }

  /** With Application Default Credentials; connects to nothing yet. */
  public static CloudRunRunner of(String job) {
    try {
      return new CloudRunRunner(
          job,
          JobsClient.create(JobsSettings.newHttpJsonBuilder().build()),
          ExecutionsClient.create(ExecutionsSettings.newHttpJsonBuilder().build()));
    } catch (IOException e) {
      throw new ExportException(
          Failure.RUN_NOT_STARTED,
          "There are no Google credentials to start executions of " + job + " with.",
          "Run as a service account with roles/run.developer on the job, or gcloud auth"
              + " application-default login.",
          e);
    }
  }

  @Override
  public void start(String runId, StartOrder order) {
    RunJobRequest.Overrides.ContainerOverride.Builder container =
        RunJobRequest.Overrides.ContainerOverride.newBuilder();
    order
        .environment(runId)
        .forEach(
            (name, value) -> container.addEnv(EnvVar.newBuilder().setName(name).setValue(value)));
    RunJobRequest request =
        RunJobRequest.newBuilder()
            .setName(job)
            .setOverrides(RunJobRequest.Overrides.newBuilder().addContainerOverrides(container))
            .build();
    try {
      jobs.runJobAsync(request).getInitialFuture().get(START_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw notStarted(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notStarted(e);
    }
  }

  private ExportException notStarted(Exception e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return new ExportException(
        Failure.RUN_NOT_STARTED,
        "Cloud Run did not start an execution of " + job + " (" + reason(cause) + ").",
        "See whether the job exists, and this server's account has roles/run.developer on it.",
        e);
  }

  private static String reason(Throwable cause) {
    return cause instanceof ApiException api
        ? api.getStatusCode().getCode().name()
        : cause.getClass().getSimpleName();
  }

  @Override
  public boolean stop(String runId) {
    Optional<Execution> execution = find(runId).filter(CloudRunRunner::isGoing);
    execution.ifPresent(going -> executions.cancelExecutionAsync(going.getName()));
    return execution.isPresent();
  }

  @Override
  public boolean isGoing(String runId) {
    return find(runId).filter(CloudRunRunner::isGoing).isPresent();
  }

  private static boolean isGoing(Execution execution) {
    return !execution.hasCompletionTime();
  }

  private Optional<Execution> find(String runId) {
    try {
      return StreamSupport.stream(executions.listExecutions(job).iterateAll().spliterator(), false)
          .limit(LOOKED_AT)
          .filter(execution -> isOf(runId, execution))
          .findFirst();
    } catch (ApiException e) {
      return Optional.empty(); // the ledger and the slot's lock say more
    }
  }

  private static boolean isOf(String runId, Execution execution) {
    return execution.getTemplate().getContainersList().stream()
        .flatMap(container -> container.getEnvList().stream())
        .anyMatch(
            variable ->
                variable.getName().equals("GKP_RUN_ID") && variable.getValue().equals(runId));
  }
}
