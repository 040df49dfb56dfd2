package io.gkp.localbigquery.rest;

import com.google.api.services.bigquery.model.GetQueryResultsResponse;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfiguration;
import com.google.api.services.bigquery.model.JobConfigurationQuery;
import com.google.api.services.bigquery.model.JobReference;
import com.google.api.services.bigquery.model.QueryRequest;
import com.google.api.services.bigquery.model.QueryResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;

/** Between the one-call form of a query and the job that it stands for. */
final class QueryRequests {
  private QueryRequests() {}

  /** The job; requests of one request id have one job id. */
  static Job job(String project, QueryRequest request) {
    JobReference reference =
        new JobReference().setProjectId(project).setLocation(request.getLocation());
    if (request.getRequestId() != null) {
      byte[] seed = (project + "/" + request.getRequestId()).getBytes(StandardCharsets.UTF_8);
      reference.setJobId("job_" + UUID.nameUUIDFromBytes(seed));
    }
    return new Job()
        .setJobReference(reference)
        .setConfiguration(
            new JobConfiguration()
                .setLabels(request.getLabels())
                .setDryRun(request.getDryRun())
                .setQuery(
                    new JobConfigurationQuery()
                        .setQuery(request.getQuery())
                        .setUseLegacySql(request.getUseLegacySql())
                        .setDefaultDataset(request.getDefaultDataset())
                        .setParameterMode(request.getParameterMode())
                        .setQueryParameters(request.getQueryParameters())
                        .setMaximumBytesBilled(request.getMaximumBytesBilled())
                        .setUseQueryCache(request.getUseQueryCache())
                        .setCreateSession(request.getCreateSession())
                        .setConnectionProperties(request.getConnectionProperties())));
  }

  static RowPages.Range range(QueryRequest request) {
    long maxResults = request.getMaxResults() == null ? Long.MAX_VALUE : request.getMaxResults();
    boolean asMicros =
        request.getFormatOptions() != null
            && Boolean.TRUE.equals(request.getFormatOptions().getUseInt64Timestamp());
    return new RowPages.Range(0, maxResults, Optional.empty(), asMicros);
  }

  static QueryResponse response(GetQueryResultsResponse results, Job job) {
    QueryResponse response =
        new QueryResponse()
            .setKind("bigquery#queryResponse")
            .setJobReference(results.getJobReference())
            .setLocation(job.getJobReference().getLocation())
            .setJobComplete(results.getJobComplete())
            .setSchema(results.getSchema())
            .setPageToken(results.getPageToken())
            .setTotalRows(results.getTotalRows())
            .setTotalBytesProcessed(results.getTotalBytesProcessed())
            .setCacheHit(false)
            .setNumDmlAffectedRows(results.getNumDmlAffectedRows());
    if (results.getJobComplete()) {
      response.setSessionInfo(job.getStatistics().getSessionInfo());
      response
          .setStatementType(job.getStatistics().getQuery().getStatementType())
          .setDmlStats(job.getStatistics().getQuery().getDmlStats());
    }
    return response;
  }
}
