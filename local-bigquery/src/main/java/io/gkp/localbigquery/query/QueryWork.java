package io.gkp.localbigquery.query;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfigurationQuery;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatus;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.SessionInfo;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.jobs.JobWork;
import io.gkp.localbigquery.jobs.RunningJob;
import io.gkp.localbigquery.load.Destination;
import io.gkp.localbigquery.load.Destination.WriteDisposition;
import io.gkp.localbigquery.sql.SqlEngine;
import io.gkp.localbigquery.sql.statement.RoutineSql;
import io.gkp.localbigquery.sql.statement.SqlRequest;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.value.ColumnCast;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.RowCursor;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.TableChange;
import io.gkp.localbigquery.storage.TableRules;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Query jobs. What a SELECT returns becomes a table, the one named by the job or an anonymous one,
 * in one step with the job's end.
 */
public final class QueryWork implements JobWork {
  private final Warehouse warehouse;
  private final SqlEngine engine;
  private final AnonymousTables anonymous;
  private final ClientSessions sessions = new ClientSessions();

  public QueryWork(Warehouse warehouse, SqlEngine engine) {
    this.warehouse = warehouse;
    this.engine = engine;
    this.anonymous = new AnonymousTables(warehouse);
  }

  @Override
  public boolean accepts(Job job) {
    return job.getConfiguration() != null && job.getConfiguration().getQuery() != null;
  }

  /** DML may have changed a table before the crash. */
  @Override
  public boolean isRepeatable() {
    return false;
  }

  @Override
  public String prepare(Job job) {
    JobConfigurationQuery query = job.getConfiguration().getQuery();
    job.getConfiguration().setJobType("QUERY");
    QueryLimits.check(query);
    sessions.prepare(query);
    String project = job.getJobReference().getProjectId();
    TableReference table = query.getDestinationTable();
    if (table != null) {
      if (table.getDatasetId() == null || table.getTableId() == null) {
        throw new ApiException(400, "required", "Required parameter is missing: destinationTable");
      }
      if (table.getProjectId() == null) {
        table.setProjectId(project);
      }
      destination(query, new Table().setTableReference(table));
    }
    String asked = job.getJobReference().getLocation();
    return asked == null ? QueryLocation.of(warehouse, project, query) : asked;
  }

  @Override
  public void run(RunningJob running) {
    Job job = running.snapshot();
    JobConfigurationQuery query = job.getConfiguration().getQuery();
    try (Session session = warehouse.session()) {
      checkFirst(session, job, query);
      ScriptJobs children = new ScriptJobs(warehouse, anonymous, running);
      StatementResult result = engine.execute(session, request(job, query, false), children);
      JobStatistics statistics = QueryStatistics.of(result);
      ClientSessions.of(query)
          .ifPresent(id -> statistics.setSessionInfo(new SessionInfo().setSessionId(id)));
      if (result.statementType().equals("SCRIPT")) {
        running.complete(children.parent(running.success(statistics)));
      } else if (isQuery(result)) {
        write(running, query, result, statistics);
      } else {
        running.complete(succeeded(running, result, statistics));
      }
    }
  }

  /** Clients look for the table that was written where they find that of a query. */
  private static Job succeeded(
      RunningJob running, StatementResult result, JobStatistics statistics) {
    if ("SKIP".equals(result.ddlOperation())) {
      // The answer has the columns of the statement, and not of the table that was there.
      statistics.getQuery().setSchema(result.schema());
    }
    Job success = running.success(statistics);
    success.getConfiguration().getQuery().setDestinationTable(result.written());
    return success;
  }

  private static boolean isQuery(StatementResult result) {
    return result.schema() != null
        && result.ddlTarget() == null
        && result.affected() == null
        && !result.statementType().equals("SCRIPT");
  }

  /** What must be wrong before anything is changed. */
  private void checkFirst(Session session, Job job, JobConfigurationQuery query) {
    String location = job.getJobReference().getLocation();
    if (query.getDestinationTable() == null
        && query.getMaximumBytesBilled() == null
        && isOnlyLocation(job, location)) {
      return;
    }
    StatementResult plan = engine.execute(session, request(job, query, true));
    BytesBilled.check(query, plan);
    if (query.getDestinationTable() != null && !isQuery(plan)) {
      throw ApiException.invalid(
          "Cannot set destination table in jobs with " + plan.statementType() + " statements");
    }
    for (TableReference table : plan.referencedTables()) {
      Optional<Dataset> dataset = warehouse.dataset(table.getProjectId(), table.getDatasetId());
      if (dataset.isPresent() && !dataset.get().getLocation().equalsIgnoreCase(location)) {
        throw ApiException.notFound(
            "Not found: Dataset "
                + Names.of(Names.dataset(table))
                + " was not found in location "
                + location);
      }
    }
  }

  private boolean isOnlyLocation(Job job, String location) {
    return warehouse.datasets(job.getJobReference().getProjectId()).stream()
        .allMatch(dataset -> dataset.getLocation().equalsIgnoreCase(location));
  }

  private void write(
      RunningJob running,
      JobConfigurationQuery query,
      StatementResult result,
      JobStatistics statistics) {
    Job success = running.success(statistics);
    JobReference reference = success.getJobReference();
    Table template =
        query.getDestinationTable() == null
            ? anonymous.next(reference.getProjectId(), reference.getLocation())
            : new Table().setTableReference(query.getDestinationTable());
    template.setSchema(
        query.getDestinationTable() == null
            ? TableRules.ofResult(result.schema())
            : TableRules.checked(result.schema()));
    Destination destination = destination(query, template);
    if (query.getDestinationTable() == null) {
      success.getConfiguration().getQuery().setDestinationTable(destination.reference());
    }
    warehouse.commit(
        result.rows().session(),
        destination.reference(),
        current -> {
          running.checkNotCancelled();
          Table next = destination.next(current, true);
          return new TableChange(
              current.isPresent() ? TableRules.checked(next) : warehouse.created(next),
              destination.keepsRows(),
              Optional.of(result.rows()),
              destination.partition());
        },
        session -> running.record(session, success),
        () -> running.committed(success));
  }

  private static Destination destination(JobConfigurationQuery query, Table template) {
    template
        .setTimePartitioning(query.getTimePartitioning())
        .setRangePartitioning(query.getRangePartitioning())
        .setClustering(query.getClustering());
    return Destination.of(
            template,
            query.getWriteDisposition(),
            WriteDisposition.WRITE_EMPTY,
            query.getCreateDisposition(),
            query.getSchemaUpdateOptions())
        .ofResult();
  }

  /** The job as it would be, had it run; nothing of it is kept. */
  public Job dryRun(String project, Job job) {
    if (!accepts(job)) {
      throw ApiException.notImplemented("dry runs of other jobs than queries");
    }
    JobConfigurationQuery query = job.getConfiguration().getQuery();
    QueryLimits.check(query);
    JobReference reference =
        new JobReference()
            .setProjectId(project)
            .setLocation(QueryLocation.of(warehouse, project, query));
    Job planned = new Job().setConfiguration(job.getConfiguration()).setJobReference(reference);
    StatementResult plan = dryRun(request(planned, query, true));
    JobStatistics statistics = QueryStatistics.of(plan);
    statistics.setCreationTime(System.currentTimeMillis());
    statistics.getQuery().setSchema(plan.schema());
    return planned
        .setKind("bigquery#job")
        .setStatus(new JobStatus().setState("DONE"))
        .setStatistics(statistics);
  }

  /** The columns of a view; throws {@code invalidQuery} (400) where its query is not valid. */
  public TableSchema viewSchema(Table view) {
    return dryRun(
            new SqlRequest(
                view.getTableReference().getProjectId(),
                view.getView().getQuery(),
                Optional.empty(),
                List.of(),
                true))
        .schema();
  }

  /** Throws {@code invalidQuery} (400) where the statement that makes the routine is not valid. */
  public void check(Routine routine) {
    dryRun(
        new SqlRequest(
            routine.getRoutineReference().getProjectId(),
            RoutineSql.create(routine),
            Optional.empty(),
            List.of(),
            true));
  }

  /**
   * Default values for new rows.
   *
   * @param fields that have a default value
   * @param count of rows; each has values of its own, for a default may differ from row to row
   */
  public List<Object[]> defaults(TableReference table, List<TableFieldSchema> fields, int count) {
    String values =
        fields.stream()
            .map(field -> ColumnCast.of(field.getDefaultValueExpression(), field))
            .collect(Collectors.joining(", "));
    SqlRequest request =
        new SqlRequest(
            table.getProjectId(),
            "SELECT " + values + " FROM UNNEST(GENERATE_ARRAY(1, " + count + "))",
            Optional.empty(),
            List.of(),
            false);
    List<Object[]> rows = new ArrayList<>();
    try (Session session = warehouse.session();
        RowCursor cursor = engine.execute(session, request).rows().read()) {
      cursor.forEachRemaining(rows::add);
    }
    return rows;
  }

  private StatementResult dryRun(SqlRequest request) {
    try (Session session = warehouse.session()) {
      return engine.execute(session, request);
    }
  }

  private static SqlRequest request(Job job, JobConfigurationQuery query, boolean dryRun) {
    String project = job.getJobReference().getProjectId();
    Optional<DatasetReference> dataset =
        Optional.ofNullable(query.getDefaultDataset())
            .map(
                given ->
                    new DatasetReference()
                        .setDatasetId(given.getDatasetId())
                        .setProjectId(
                            given.getProjectId() == null ? project : given.getProjectId()));
    return new SqlRequest(
        project,
        query.getQuery(),
        dataset,
        query.getQueryParameters() == null ? List.of() : query.getQueryParameters(),
        dryRun,
        job.getJobReference().getLocation(),
        ClientSessions.of(query));
  }
}
