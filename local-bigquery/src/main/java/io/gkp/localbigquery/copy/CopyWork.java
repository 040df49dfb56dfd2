package io.gkp.localbigquery.copy;

import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfigurationTableCopy;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatistics5;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.jobs.JobWork;
import io.gkp.localbigquery.jobs.RunningJob;
import io.gkp.localbigquery.load.Destination;
import io.gkp.localbigquery.load.Destination.WriteDisposition;
import io.gkp.localbigquery.storage.Moment;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Staged;
import io.gkp.localbigquery.storage.TableChange;
import io.gkp.localbigquery.storage.TableCopy;
import io.gkp.localbigquery.storage.TableRules;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Copy jobs, which make snapshots and clones as well. The rows and the job's end are committed in
 * one step.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/rest/v2/Job#jobconfigurationtablecopy">JobConfigurationTableCopy</a>
 */
public final class CopyWork implements JobWork {
  private final Warehouse warehouse;

  public CopyWork(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  @Override
  public boolean accepts(Job job) {
    return job.getConfiguration() != null && job.getConfiguration().getCopy() != null;
  }

  /** Nothing is written before the end is. */
  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public String prepare(Job job) {
    JobConfigurationTableCopy copy = job.getConfiguration().getCopy();
    job.getConfiguration().setJobType("COPY");
    List<TableReference> all = new ArrayList<>(sources(copy));
    all.add(copy.getDestinationTable());
    for (TableReference table : all) {
      complete(table, job.getJobReference().getProjectId());
    }
    kind(copy);
    TableReference to = copy.getDestinationTable();
    return warehouse
        .dataset(to.getProjectId(), to.getDatasetId())
        .orElseThrow(() -> Names.datasetNotFound(to.getProjectId(), to.getDatasetId()))
        .getLocation();
  }

  private static void complete(TableReference table, String project) {
    if (table == null || table.getDatasetId() == null || table.getTableId() == null) {
      throw new ApiException(400, "required", "Required parameter is missing: table reference");
    }
    if (table.getProjectId() == null) {
      table.setProjectId(project);
    }
    if (table.getTableId().contains("$")) {
      throw ApiException.notImplemented("copies of partitions");
    }
  }

  private static List<TableReference> sources(JobConfigurationTableCopy copy) {
    List<TableReference> several = copy.getSourceTables();
    if (several != null && !several.isEmpty()) {
      return several;
    }
    if (copy.getSourceTable() == null) {
      throw new ApiException(400, "required", "Required parameter is missing: sourceTable");
    }
    return List.of(copy.getSourceTable());
  }

  private static TableCopy kind(JobConfigurationTableCopy copy) {
    String type = copy.getOperationType() == null ? "COPY" : copy.getOperationType();
    return switch (type) {
      case "COPY", "RESTORE", "OPERATION_TYPE_UNSPECIFIED" -> TableCopy.COPY;
      case "SNAPSHOT" -> TableCopy.SNAPSHOT;
      case "CLONE" -> TableCopy.CLONE;
      default -> throw ApiException.invalid("Invalid value for operationType: " + type);
    };
  }

  @Override
  public void run(RunningJob job) {
    JobConfigurationTableCopy copy = job.snapshot().getConfiguration().getCopy();
    List<Table> sources = sources(copy).stream().map(this::source).toList();
    if (sources.stream().anyMatch(s -> !s.getSchema().equals(sources.get(0).getSchema()))) {
      throw ApiException.invalid("The tables to copy have different schemas.");
    }
    Destination destination =
        Destination.of(
            kind(copy).of(sources.get(0), copy.getDestinationTable()),
            copy.getWriteDisposition(),
            WriteDisposition.WRITE_EMPTY,
            copy.getCreateDisposition(),
            null);
    try (Session session = warehouse.session()) {
      Staged rows = TableCopy.rows(warehouse, session, sources);
      Job success = job.success(statistics(rows));
      warehouse.commit(
          session,
          destination.reference(),
          current -> {
            job.checkNotCancelled();
            return change(destination, current, rows);
          },
          committing -> job.record(committing, success),
          () -> job.committed(success));
    }
  }

  private Table source(TableReference reference) {
    Table table =
        warehouse
            .readable(Moment.given(reference))
            .orElseThrow(() -> Names.tableNotFound(reference));
    if (table.getView() != null || table.getSchema() == null) {
      throw ApiException.invalid(
          "Cannot copy " + Names.of(reference) + ": only tables with a schema can be copied.");
    }
    return table;
  }

  /** What is overwritten takes on all of the source, and not its columns alone. */
  private TableChange change(Destination destination, Optional<Table> current, Staged rows) {
    Table next = destination.next(current, true);
    boolean isNew = current.isEmpty() || !destination.keepsRows();
    return new TableChange(
        isNew ? warehouse.created(destination.template()) : TableRules.checked(next),
        destination.keepsRows(),
        Optional.of(rows));
  }

  private static JobStatistics statistics(Staged rows) {
    return new JobStatistics()
        .setCopy(
            new JobStatistics5().setCopiedRows(rows.rows()).setCopiedLogicalBytes(rows.bytes()));
  }
}
