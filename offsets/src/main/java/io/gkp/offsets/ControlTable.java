package io.gkp.offsets;

import java.util.List;

/** The control tables' names and columns, a contract with the SQL models. */
public enum ControlTable {
  CHECKPOINTS(
      "checkpoints",
      "Ledger of the export: one row per committed batch, newest n is the position.",
      List.of(
          new Column("n", "INT64", "Batch number; no gaps."),
          new Column("lineage", "STRING", "Random name of this ledger, part of every job id."),
          new Column("lsn", "INT64", "Commit-end LSN of the last transaction in the batch."),
          new Column("kind", "STRING", "created, snapshot, stream or reset."),
          new Column("run_id", "STRING", "The run that committed the batch."),
          new Column("committed_at", "TIMESTAMP", "When it was committed."),
          new Column("rows", "INT64", "Changelog rows in the batch."))),
  EPOCHS(
      "epochs",
      "Log of table epochs: an epoch's state is that of its last row.",
      List.of(
          new Column("table_name", "STRING", "Source table, as configured."),
          new Column("epoch", "INT64", "Epoch number, ascending per table."),
          new Column("state", "STRING", "requested, snapshotting, converging, completed or dead."),
          new Column("kind", "STRING", "initial, reset or backfill."),
          new Column("batch", "INT64", "Batch number at the change of state."),
          new Column("rows", "INT64", "Snapshot rows, once known."),
          new Column("run_id", "STRING", "The run that changed the state."),
          new Column("changed_at", "TIMESTAMP", "When the state changed."),
          new Column("changed_by", "STRING", "Who asked for it."),
          new Column("reason", "STRING", "Why, in the operator's words."),
          new Column("filter", "STRING", "Condition of a filtered backfill."))),
  RUNS(
      "runs",
      "One row per run and table.",
      List.of(
          new Column("run_id", "STRING", "The run."),
          new Column("table_name", "STRING", "Source table, as configured."),
          new Column("started_at", "TIMESTAMP", "Start of the run."),
          new Column("finished_at", "TIMESTAMP", "End of the run."),
          new Column("status", "STRING", "drained, stopped_early or failed."),
          new Column("error_code", "STRING", "Failure code, where failed."),
          new Column("fence_lsn", "INT64", "The fence of the run."),
          new Column("checkpoint_lsn", "INT64", "Position at the end of the run."),
          new Column("snapshot_rows", "INT64", "Rows read by a snapshot."),
          new Column("changes", "INT64", "Change events loaded."),
          new Column("rows_loaded", "INT64", "Changelog rows loaded."),
          new Column("bytes_loaded", "INT64", "Bytes of newline-delimited JSON loaded."),
          new Column("load_jobs", "STRING", "Load job ids, comma-separated.")));

  private final String tableName;
  private final String description;
  private final List<Column> columns;

  ControlTable(String tableName, String description, List<Column> columns) {
    this.tableName = tableName;
    this.description = description;
    this.columns = columns;
  }

  public String tableName() {
    return tableName;
  }

  public String description() {
    return description;
  }

  public List<Column> columns() {
    return columns;
  }

  /**
   * @param type GoogleSQL type name
   */
  public record Column(String name, String type, String description) {}
}
