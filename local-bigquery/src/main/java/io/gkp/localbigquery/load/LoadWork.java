package io.gkp.localbigquery.load;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.DestinationTableProperties;
import com.google.api.services.bigquery.model.Job;
import com.google.api.services.bigquery.model.JobConfigurationLoad;
import com.google.api.services.bigquery.model.JobStatistics;
import com.google.api.services.bigquery.model.JobStatistics3;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.jobs.JobWork;
import io.gkp.localbigquery.jobs.RunningJob;
import io.gkp.localbigquery.load.Destination.WriteDisposition;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.RowStager;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Staged;
import io.gkp.localbigquery.storage.TableChange;
import io.gkp.localbigquery.storage.TableRules;
import io.gkp.localbigquery.storage.Warehouse;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;

/**
 * Load jobs: the whole upload becomes visible, with the change of schema that it brings, or nothing
 * does.
 *
 * <ol>
 *   <li>The rows are parsed against the schema, as it is at the start, into a temporary table.
 *   <li>The rows, the schema and the job's end are committed in one step, against the table as it
 *       is then: another load may have come first.
 * </ol>
 */
public final class LoadWork implements JobWork {
  private final Warehouse warehouse;

  public LoadWork(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  @Override
  public boolean accepts(Job job) {
    return job.getConfiguration() != null && job.getConfiguration().getLoad() != null;
  }

  @Override
  public boolean isRepeatable() {
    return true;
  }

  @Override
  public String prepare(Job job) {
    JobConfigurationLoad load = job.getConfiguration().getLoad();
    job.getConfiguration().setJobType("LOAD");
    TableReference table = load.getDestinationTable();
    if (table == null || table.getDatasetId() == null || table.getTableId() == null) {
      throw new ApiException(400, "required", "Required parameter is missing: destinationTable");
    }
    if (table.getProjectId() == null) {
      table.setProjectId(job.getJobReference().getProjectId());
    }
    LoadLimits.check(load);
    destination(load);
    Dataset dataset =
        warehouse
            .dataset(table.getProjectId(), table.getDatasetId())
            .orElseThrow(() -> Names.datasetNotFound(table.getProjectId(), table.getDatasetId()));
    String location = job.getJobReference().getLocation();
    if (location != null && !location.equalsIgnoreCase(dataset.getLocation())) {
      throw ApiException.notFound(
          "Not found: Dataset %s was not found in location %s"
              .formatted(Names.of(dataset.getDatasetReference()), location));
    }
    return dataset.getLocation();
  }

  @Override
  public void run(RunningJob job) throws IOException {
    JobConfigurationLoad load = job.snapshot().getConfiguration().getLoad();
    try (SourceFile file = SourceFile.open(load, job.upload())) {
      detect(load, file);
      run(job, load, file);
    }
  }

  /** Takes the file's schema for a table that has none to keep, or may gain columns. */
  private void detect(JobConfigurationLoad load, SourceFile file) {
    Destination destination = destination(load);
    Optional<Table> kept =
        warehouse
            .table(destination.reference())
            .filter(table -> !destination.replacesTable() && table.getSchema() != null);
    if (load.getSchema() != null) {
      return;
    }
    boolean detectsJson =
        Boolean.TRUE.equals(load.getAutodetect())
            && !Boolean.TRUE.equals(load.getIgnoreUnknownValues())
            && "NEWLINE_DELIMITED_JSON".equals(load.getSourceFormat());
    if (kept.isPresent() && detectsJson) {
      file.schema()
          .map(seen -> Detected.beside(kept.get().getSchema(), seen))
          .ifPresent(load::setSchema);
    } else if (kept.isEmpty() || !destination.permissions().isEmpty()) {
      file.schema().ifPresent(load::setSchema);
    }
  }

  private void run(RunningJob job, JobConfigurationLoad load, SourceFile file) throws IOException {
    Destination destination = destination(load);
    TableSchema schema =
        destination.next(warehouse.table(destination.reference()), false).getSchema();
    List<Column> columns = Column.of(schema);
    try (Session session = warehouse.session();
        RowStager out = warehouse.stager(session, columns)) {
      RowLoader loader = load(job, load, file.records(columns), columns, out);
      Staged added = out.finish();
      Job success =
          job.success(
              statistics(added, Files.size(job.upload()), loader.badRecords()), loader.errors());
      commit(job, destination, added, success);
    }
  }

  private static RowLoader load(
      RunningJob job,
      JobConfigurationLoad load,
      Records records,
      List<Column> columns,
      RowStager out)
      throws IOException {
    try (records;
        RowHandover rows = new RowHandover(out)) {
      RowLoader loader =
          new RowLoader(
              new RowParser(columns, Boolean.TRUE.equals(load.getIgnoreUnknownValues())),
              rows,
              load.getMaxBadRecords() == null ? 0 : load.getMaxBadRecords(),
              job::checkNotCancelled);
      loader.load(records);
      rows.finish();
      return loader;
    }
  }

  private void commit(RunningJob job, Destination destination, Staged added, Job success) {
    warehouse.commit(
        added.session(),
        destination.reference(),
        current -> {
          job.checkNotCancelled();
          Table next = destination.next(current, true);
          return new TableChange(
              current.isPresent() ? TableRules.checked(next) : warehouse.created(next),
              destination.keepsRows(),
              Optional.of(added),
              destination.partition());
        },
        session -> job.record(session, success),
        () -> job.committed(success));
  }

  private static JobStatistics statistics(Staged added, long inputBytes, long badRecords) {
    return new JobStatistics()
        .setTotalBytesProcessed(0L)
        .setLoad(
            new JobStatistics3()
                .setInputFiles(1L)
                .setInputFileBytes(inputBytes)
                .setOutputRows(added.rows())
                .setOutputBytes(added.bytes())
                .setBadRecords(badRecords));
  }

  private static Destination destination(JobConfigurationLoad load) {
    Table template =
        new Table()
            .setTableReference(load.getDestinationTable())
            .setSchema(load.getSchema() == null ? null : TableRules.checked(load.getSchema()))
            .setTimePartitioning(load.getTimePartitioning())
            .setRangePartitioning(load.getRangePartitioning())
            .setClustering(load.getClustering());
    DestinationTableProperties properties = load.getDestinationTableProperties();
    if (properties != null) {
      template
          .setDescription(properties.getDescription())
          .setFriendlyName(properties.getFriendlyName())
          .setLabels(properties.getLabels());
    }
    return Destination.of(
        template,
        load.getWriteDisposition(),
        WriteDisposition.WRITE_APPEND,
        load.getCreateDisposition(),
        load.getSchemaUpdateOptions());
  }
}
