package io.gkp.localbigquery.query;

import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfiguration;
import com.google.api.services.bigquery.model.JobConfigurationQuery;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatus;
import com.google.api.services.bigquery.model.ScriptStackFrame;
import com.google.api.services.bigquery.model.ScriptStatistics;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.jobs.JobFailure;
import io.gkp.localbigquery.jobs.RunningJob;
import io.gkp.localbigquery.script.Steps;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.storage.RowCursor;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Staged;
import io.gkp.localbigquery.storage.TableChange;
import io.gkp.localbigquery.storage.TableRules;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.List;
import java.util.Optional;

/**
 * A job for each statement of a script, as the service has it. The script's own result is that of
 * the last statement.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/multi-statement-queries">Multi-statement
 *     queries</a>
 */
final class ScriptJobs implements Steps {
  private final Warehouse warehouse;
  private final AnonymousTables anonymous;
  private final RunningJob script;
  private final Job parent;
  private long children;

  /** With the rows of the last statement; {@code null} where it returned none. */
  private TableReference result;

  ScriptJobs(Warehouse warehouse, AnonymousTables anonymous, RunningJob script) {
    this.warehouse = warehouse;
    this.anonymous = anonymous;
    this.script = script;
    this.parent = script.snapshot();
  }

  @Override
  public String jobId() {
    return parent.getJobReference().getJobId();
  }

  @Override
  public void checkGoesOn() {
    script.checkNotCancelled();
  }

  @Override
  public void done(Step step, StatementResult done, boolean inTransaction) {
    Job child = child(step, QueryStatistics.of(done));
    result = null;
    if (done.rows() == null) {
      child.getConfiguration().getQuery().setDestinationTable(done.written());
      record(child);
    } else if (inTransaction) {
      // The rows would go with the transaction if it is rolled back.
      try (Session apart = warehouse.session();
          RowCursor rows = done.rows().read()) {
        write(child, done, warehouse.stage(apart, done.rows().columns(), rows));
      }
    } else {
      write(child, done, done.rows());
    }
  }

  private void write(Job child, StatementResult done, Staged rows) {
    JobReference reference = child.getJobReference();
    Table table =
        anonymous
            .next(reference.getProjectId(), reference.getLocation())
            .setSchema(TableRules.ofResult(done.schema()));
    result = table.getTableReference();
    child.getConfiguration().getQuery().setDestinationTable(result);
    warehouse.commit(
        rows.session(),
        result,
        current -> new TableChange(warehouse.created(table), false, Optional.of(rows)),
        session -> script.recordChild(session, child),
        () -> script.childCommitted(child));
  }

  @Override
  public void failed(Step step, ApiException failure) {
    Job child = child(step, QueryStatistics.none());
    record(child.setStatus(JobFailure.of(failure).status()));
  }

  private void record(Job child) {
    try (Session session = warehouse.session()) {
      script.recordChild(session, child);
    }
    script.childCommitted(child);
  }

  private Job child(Step step, JobStatistics statistics) {
    JobReference own = parent.getJobReference();
    String id = "script_job_" + own.getJobId() + "_" + children++;
    statistics
        .setParentJobId(own.getJobId())
        .setCreationTime(step.startedAt())
        .setStartTime(step.startedAt())
        .setEndTime(System.currentTimeMillis())
        .setScriptStatistics(
            new ScriptStatistics()
                .setEvaluationKind("STATEMENT")
                .setStackFrames(List.of(frame(step))));
    return new Job()
        .setKind(parent.getKind())
        .setId(own.getProjectId() + ":" + own.getLocation() + "." + id)
        .setUserEmail(parent.getUserEmail())
        .setJobReference(
            new JobReference()
                .setProjectId(own.getProjectId())
                .setLocation(own.getLocation())
                .setJobId(id))
        .setConfiguration(
            new JobConfiguration()
                .setJobType("QUERY")
                .setLabels(parent.getConfiguration().getLabels())
                .setQuery(new JobConfigurationQuery().setQuery(step.text()).setUseLegacySql(false)))
        .setStatistics(statistics)
        .setStatus(new JobStatus().setState("DONE"));
  }

  private static ScriptStackFrame frame(Step step) {
    return new ScriptStackFrame()
        .setText(step.text())
        .setStartLine(step.startLine())
        .setStartColumn(step.startColumn())
        .setEndLine(step.endLine())
        .setEndColumn(step.endColumn());
  }

  /** The script's job, which has ended. */
  Job parent(Job success) {
    success.getStatistics().setNumChildJobs(children);
    success.getConfiguration().getQuery().setDestinationTable(result);
    return success;
  }
}
