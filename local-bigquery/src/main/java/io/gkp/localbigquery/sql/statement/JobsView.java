package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.DmlStatistics;
import com.google.api.services.bigquery.model.ErrorProto;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfiguration;
import com.google.api.services.bigquery.model.JobConfigurationQuery;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatistics2;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.jobs.JobHistory;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * INFORMATION_SCHEMA.JOBS, whose views by project and by user are the same here. Slots are not
 * counted.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/information-schema-jobs">JOBS</a>
 */
final class JobsView {
  private static final String TABLE = "project_id STRING, dataset_id STRING, table_id STRING";

  static final List<TableFieldSchema> FIELDS = fields();

  private JobsView() {}

  private static List<TableFieldSchema> fields() {
    List<TableFieldSchema> fields = new ArrayList<>();
    fields.addAll(
        InformationSchema.fields(
            "creation_time TIMESTAMP, project_id STRING, project_number INT64, user_email STRING,"
                + " job_id STRING, job_type STRING, statement_type STRING, priority STRING,"
                + " start_time TIMESTAMP, end_time TIMESTAMP, query STRING, state STRING,"
                + " reservation_id STRING, total_bytes_processed INT64, total_slot_ms INT64"));
    fields.add(
        record(
            "error_result",
            "NULLABLE",
            "reason STRING, location STRING, debug_info STRING, message STRING"));
    fields.addAll(InformationSchema.fields("cache_hit BOOL"));
    fields.add(record("destination_table", "NULLABLE", TABLE));
    fields.add(record("referenced_tables", "REPEATED", TABLE));
    fields.add(record("labels", "REPEATED", "key STRING, value STRING"));
    fields.addAll(
        InformationSchema.fields(
            "total_bytes_billed INT64, transaction_id STRING, parent_job_id STRING"));
    fields.add(record("session_info", "NULLABLE", "session_id STRING"));
    fields.add(
        record(
            "dml_statistics",
            "NULLABLE",
            "inserted_row_count INT64, deleted_row_count INT64, updated_row_count INT64"));
    return fields;
  }

  private static TableFieldSchema record(String name, String mode, String columns) {
    return new TableFieldSchema()
        .setName(name)
        .setType("RECORD")
        .setMode(mode)
        .setFields(InformationSchema.fields(columns));
  }

  static List<Object[]> rows(JobHistory jobs, String project) {
    return jobs.of(project).stream().map(JobsView::row).toList();
  }

  private static Object[] row(Job job) {
    JobStatistics statistics = job.getStatistics();
    JobStatistics2 done =
        statistics.getQuery() == null ? new JobStatistics2() : statistics.getQuery();
    JobConfiguration configuration = job.getConfiguration();
    JobConfigurationQuery query =
        configuration.getQuery() == null ? new JobConfigurationQuery() : configuration.getQuery();
    boolean isQuery = configuration.getQuery() != null;
    return new Object[] {
      instant(statistics.getCreationTime()),
      job.getJobReference().getProjectId(),
      null,
      job.getUserEmail(),
      job.getJobReference().getJobId(),
      configuration.getJobType(),
      done.getStatementType(),
      isQuery && query.getPriority() == null ? "INTERACTIVE" : query.getPriority(),
      instant(statistics.getStartTime()),
      instant(statistics.getEndTime()),
      query.getQuery(),
      job.getStatus().getState().equals("DONE") ? "DONE" : "RUNNING",
      null,
      statistics.getTotalBytesProcessed(),
      null,
      error(job.getStatus().getErrorResult()),
      isQuery ? Boolean.FALSE : null,
      table(destination(configuration)),
      done.getReferencedTables() == null
          ? List.of()
          : done.getReferencedTables().stream().<Object>map(JobsView::table).toList(),
      labels(configuration.getLabels()),
      done.getTotalBytesBilled(),
      null,
      statistics.getParentJobId(),
      statistics.getSessionInfo() == null
          ? null
          : new Object[] {statistics.getSessionInfo().getSessionId()},
      changes(done.getDmlStats())
    };
  }

  private static TableReference destination(JobConfiguration job) {
    return job.getQuery() != null
        ? job.getQuery().getDestinationTable()
        : job.getLoad() != null
            ? job.getLoad().getDestinationTable()
            : job.getCopy() == null ? null : job.getCopy().getDestinationTable();
  }

  private static Object[] table(TableReference table) {
    return table == null
        ? null
        : new Object[] {table.getProjectId(), table.getDatasetId(), table.getTableId()};
  }

  private static Object[] error(ErrorProto error) {
    return error == null
        ? null
        : new Object[] {error.getReason(), error.getLocation(), null, error.getMessage()};
  }

  private static List<Object> labels(Map<String, String> labels) {
    List<Object> all = new ArrayList<>();
    new TreeMap<>(labels == null ? Map.<String, String>of() : labels)
        .forEach((key, value) -> all.add(new Object[] {key, value}));
    return all;
  }

  private static Object[] changes(DmlStatistics statistics) {
    return statistics == null
        ? null
        : new Object[] {
          statistics.getInsertedRowCount(),
          statistics.getDeletedRowCount(),
          statistics.getUpdatedRowCount()
        };
  }

  private static Instant instant(Long millis) {
    return millis == null ? null : Instant.ofEpochMilli(millis);
  }
}
