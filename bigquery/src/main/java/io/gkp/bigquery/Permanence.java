package io.gkp.bigquery;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Dataset;
import com.google.cloud.bigquery.DatasetId;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.TableInfo;
import io.gkp.failure.ExportException;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Takes from tables and views the end that their dataset gives to new ones. */
public final class Permanence {
  private final BigQuery client;
  private final Calls calls;
  private final Map<DatasetId, Boolean> ending = new HashMap<>();

  public Permanence(BigQuery client, Calls calls) {
    this.client = client;
    this.calls = calls;
  }

  /** What the job has created, if it has created anything. */
  void keep(Job job) {
    if (!(job.getStatistics() instanceof QueryStatistics statistics)
        || statistics.getDdlTargetTable() == null
        || !String.valueOf(statistics.getStatementType()).startsWith("CREATE")) {
      return;
    }
    TableId id = statistics.getDdlTargetTable();
    if (ending.computeIfAbsent(DatasetId.of(id.getProject(), id.getDataset()), this::isEnding)) {
      keep(calls.repeatToTheEnd("reading " + id.getTable(), () -> client.getTable(id)));
    }
  }

  private boolean isEnding(DatasetId id) {
    Dataset dataset =
        calls.repeatToTheEnd("reading dataset " + id.getDataset(), () -> client.getDataset(id));
    return dataset != null && Inheritance.ends(dataset);
  }

  /**
   * The table or view, which stays for ever from now on.
   *
   * @throws ExportException where BigQuery insists on the end
   */
  public Table keep(Table table) {
    Optional<TableInfo> change = Inheritance.undone(table);
    if (change.isEmpty()) {
      return table;
    }
    String doing = "taking the expiration from table " + table.getTableId().getTable();
    Table kept = calls.repeatToTheEnd(doing, () -> client.update(change.get()));
    if (Inheritance.undone(kept).isPresent()) {
      throw calls.failures().of(doing, Trouble.BILLING, "", new IOException("it keeps its end"));
    }
    return kept;
  }
}
