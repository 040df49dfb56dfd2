package io.gkp.sql.warehouse;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import io.gkp.bigquery.Inheritance;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Takes from tables and views the end that their dataset gives to new ones. */
final class Permanence {
  private final BigQuery client;
  private final Map<DatasetId, Boolean> ending = new HashMap<>();

  Permanence(BigQuery client) {
    this.client = client;
  }

  /** What the job has created, if it has created anything. */
  void keep(Job job) {
    if (!(job.getStatistics() instanceof QueryStatistics statistics)
        || statistics.getDdlTargetTable() == null
        || !String.valueOf(statistics.getStatementType()).startsWith("CREATE")) {
      return;
    }
    TableId id = statistics.getDdlTargetTable();
    try {
      if (ending.computeIfAbsent(DatasetId.of(id.getProject(), id.getDataset()), this::isEnding)) {
        keep(client.getTable(id));
      }
    } catch (BigQueryException e) {
      throw ModelException.of("reading " + id.getTable(), e);
    }
  }

  private boolean isEnding(DatasetId id) {
    Dataset dataset = client.getDataset(id);
    return dataset != null && Inheritance.ends(dataset);
  }

  /**
   * @throws ModelException where BigQuery insists on the end
   */
  void keep(Table table) {
    Optional<TableInfo> change = Inheritance.undone(table);
    if (change.isEmpty()) {
      return;
    }
    String name = table.getTableId().getTable();
    try {
      if (Inheritance.undone(client.update(change.get())).isEmpty()) {
        return;
      }
    } catch (BigQueryException e) {
      throw ModelException.of("taking the expiration from " + name, e);
    }
    throw new ModelException(
        ModelException.Fault.CONFIGURATION,
        name + " is to expire, and BigQuery keeps it so: enable billing for the project.");
  }
}
