package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.GetQueryResultsResponse;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobStatistics2;
import com.google.api.services.bigquery.model.QueryRequest;
import com.google.api.services.bigquery.model.QueryResponse;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.jobs.Jobs;
import io.gkp.localbigquery.query.QueryWork;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Warehouse;
import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Queries in one call, and the results of query jobs page by page.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query">jobs.query</a>
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/getQueryResults">jobs.getQueryResults</a>
 */
final class QueriesResource {
  private static final long DEFAULT_WAIT = Duration.ofSeconds(10).toMillis();

  private final Warehouse warehouse;
  private final Jobs jobs;
  private final QueryWork queries;
  private final RowPages pages;

  QueriesResource(Warehouse warehouse, Jobs jobs, QueryWork queries) {
    this.warehouse = warehouse;
    this.jobs = jobs;
    this.queries = queries;
    this.pages = new RowPages(warehouse);
  }

  void register(Router router) {
    String all = "projects/{project}/queries";
    router.on("POST", all, this::query).on("GET", all + "/{job}", this::results);
  }

  private Response query(Request request) throws IOException {
    String project = request.path("project");
    QueryRequest asked = request.json(QueryRequest.class);
    Job job = QueryRequests.job(project, asked);
    if (Boolean.TRUE.equals(asked.getDryRun())) {
      return Response.ok(planned(queries.dryRun(project, job)));
    }
    Job accepted = insertOnce(project, job, asked.getRequestId() != null);
    long wait = asked.getTimeoutMs() == null ? DEFAULT_WAIT : asked.getTimeoutMs();
    Job finished = jobs.await(accepted, Duration.ofMillis(wait));
    Results results =
        results(
            finished, QueryRequests.range(asked), !Long.valueOf(0).equals(asked.getMaxResults()));
    return results.answer(QueryRequests.response(results.model(), finished));
  }

  /** A request that is sent again under the same request id finds its job. */
  private Job insertOnce(String project, Job job, boolean again) {
    try {
      return jobs.insert(project, job, Optional.empty());
    } catch (ApiException e) {
      if (!again || !e.reason().equals("duplicate")) {
        throw e;
      }
      return jobs.get(project, job.getJobReference().getJobId());
    }
  }

  private static QueryResponse planned(Job job) {
    JobStatistics2 plan = job.getStatistics().getQuery();
    return new QueryResponse()
        .setKind("bigquery#queryResponse")
        .setJobComplete(true)
        .setJobReference(job.getJobReference())
        .setSchema(plan.getSchema())
        .setCacheHit(false)
        .setTotalRows(BigInteger.ZERO)
        .setTotalBytesProcessed(plan.getTotalBytesProcessed());
  }

  private Response results(Request request) throws IOException {
    Job job = jobs.get(request.path("project"), request.path("job"), request.query("location"));
    if (job.getConfiguration().getQuery() == null) {
      throw ApiException.invalid("Job " + job.getId() + " is not a query.");
    }
    long wait = request.number("timeoutMs").orElse(DEFAULT_WAIT);
    Results results =
        results(jobs.await(job, Duration.ofMillis(wait)), RowPages.Range.of(request), true);
    return results.answer(results.model());
  }

  /**
   * What there is to tell of a query.
   *
   * @param rows as a JSON array; empty where there is no result (yet)
   */
  private record Results(GetQueryResultsResponse model, Optional<byte[]> rows) {
    Response answer(Object form) {
      return rows.map(json -> Response.ok(form, json)).orElseGet(() -> Response.ok(form));
    }
  }

  /** Of the table that the statement created; of no fields for other statements. */
  private TableSchema createdSchema(JobStatistics2 statistics) {
    if (statistics.getSchema() != null) {
      return statistics.getSchema();
    }
    return Optional.ofNullable(statistics.getDdlTargetTable())
        .filter(target -> statistics.getStatementType().startsWith("CREATE_"))
        .flatMap(warehouse::table)
        .map(Table::getSchema)
        .orElseGet(() -> new TableSchema().setFields(List.of()));
  }

  private Results results(Job job, RowPages.Range range, boolean withRows) throws IOException {
    GetQueryResultsResponse response =
        new GetQueryResultsResponse()
            .setKind("bigquery#getQueryResultsResponse")
            .setJobReference(job.getJobReference())
            .setCacheHit(false);
    if (!job.getStatus().getState().equals("DONE")) {
      return new Results(response.setJobComplete(false), Optional.empty());
    }
    JobErrors.check(job);
    JobStatistics2 statistics = job.getStatistics().getQuery();
    response
        .setJobComplete(true)
        .setTotalBytesProcessed(statistics.getTotalBytesProcessed())
        .setNumDmlAffectedRows(statistics.getNumDmlAffectedRows());
    TableReference destination = job.getConfiguration().getQuery().getDestinationTable();
    boolean hasRows =
        destination != null
            && statistics.getNumDmlAffectedRows() == null
            && statistics.getDdlTargetTable() == null;
    if (!hasRows) {
      response.setSchema(createdSchema(statistics)).setTotalRows(BigInteger.ZERO);
      return new Results(response, Optional.empty());
    }
    Table table =
        warehouse.readable(destination).orElseThrow(() -> Names.tableNotFound(destination));
    response.setSchema(table.getSchema()).setTotalRows(table.getNumRows());
    if (!withRows) {
      return new Results(response, Optional.empty());
    }
    RowPages.RowPage page = pages.read(table, range);
    return new Results(response.setPageToken(page.nextToken()), Optional.of(page.rows()));
  }
}
