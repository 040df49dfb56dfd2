package io.gkp.offsets;

import java.util.List;

/**
 * The control tables' names and columns, a contract with the SQL models.
 *
 * <p>They are partitioned by day for the sake of a quota: BigQuery takes 1,500 loads a day into a
 * table that is not partitioned, and a deployment that is scheduled every minute would need all of
 * them.
 *
 * @see <a href="https://cloud.google.com/bigquery/quotas#load_jobs">load job quotas</a>
 */
public enum ControlTable {
  CHECKPOINTS(
      "checkpoints",
      "Ledger of the export: one row per committed batch, newest n is the position.",
      "committed_at",
      List.of(
          new Column(
              "n",
              "INT64",
              "Batch number; a snapshot that is read in chunks takes many at once.",
              ColumnRule.BATCH),
          new Column(
              "lineage",
              "STRING",
              "Random name of this ledger, part of every job id.",
              ColumnRule.matching("[A-Za-z0-9_-]{1,64}")),
          new Column(
              "lsn",
              "INT64",
              "Commit-end LSN of the last transaction in the batch.",
              ColumnRule.between(0, Long.MAX_VALUE)),
          new Column(
              "kind",
              "STRING",
              "created, snapshot, stream, fence, reset or skip.",
              ColumnRule.oneOf(Checkpoint.Kind.values())),
          new Column("run_id", "STRING", "The run that committed the batch.", ColumnRule.NAME),
          new Column(
              "committed_at", "TIMESTAMP", "When it was committed.", ColumnRule.NOT_FAR_AHEAD),
          new Column("rows", "INT64", "Changelog rows in the batch.", ColumnRule.COUNT),
          new Column(
              "timeline",
              "INT64",
              "Timeline of the Postgres server that lsn is of.",
              ColumnRule.between(1, 0xFFFFFFFFL).orNull()))),
  SOURCES(
      "sources",
      "What the ledger's positions are positions in; the row with the highest n counts.",
      "recorded_at",
      List.of(
          new Column("n", "INT64", "From this batch on.", ColumnRule.BATCH),
          new Column(
              "system_identifier",
              "STRING",
              "The Postgres cluster's.",
              ColumnRule.matching("[0-9]{1,20}")),
          new Column(
              "database_oid", "INT64", "The database's OID.", ColumnRule.between(1, 0xFFFFFFFFL)),
          new Column("database_name", "STRING", "Its name.", ColumnRule.PRESENT),
          new Column(
              "slot", "STRING", "The replication slot.", ColumnRule.matching("[a-z0-9_]{1,63}")),
          new Column(
              "next_transaction",
              "INT64",
              "Transaction id (64 bits) that was the next one before the slot was created; NULL where nobody knows.",
              ColumnRule.COUNT.orNull()),
          new Column("run_id", "STRING", "The run that recorded it."),
          new Column("recorded_at", "TIMESTAMP", "When it was recorded."))),
  EPOCHS(
      "epochs",
      "Log of table epochs: an epoch's state is that of its last row.",
      "changed_at",
      List.of(
          new Column("table_name", "STRING", "Source table, as configured.", ColumnRule.PRESENT),
          new Column("epoch", "INT64", "Epoch number, ascending per table.", ColumnRule.EPOCH),
          new Column(
              "state",
              "STRING",
              "requested, snapshotting, converging, completed or dead; noted where only the composition is new.",
              ColumnRule.oneOf(Epoch.State.values(), Epochs.NOTED)),
          new Column("kind", "STRING", "initial or reset."),
          new Column("batch", "INT64", "Batch number at the change of state.", ColumnRule.COUNT),
          new Column("rows", "INT64", "Snapshot rows, once known.", ColumnRule.COUNT.orNull()),
          new Column("run_id", "STRING", "The run that changed the state."),
          new Column("changed_at", "TIMESTAMP", "When the state changed.", ColumnRule.PRESENT),
          new Column("changed_by", "STRING", "Who asked for it."),
          new Column("reason", "STRING", "Why, in the operator's words."),
          new Column(
              "composition",
              "STRING",
              "What the table consists of and how it is published: OIDs and versions, in JSON."),
          new Column("row_key", "STRING", "By what the epoch's rows are told apart."))),
  RUNS(
      "runs",
      "One row per run and table.",
      "finished_at",
      List.of(
          new Column("run_id", "STRING", "The run.", ColumnRule.NAME),
          new Column("table_name", "STRING", "Source table, as configured.", ColumnRule.PRESENT),
          new Column("started_at", "TIMESTAMP", "Start of the run.", ColumnRule.PRESENT),
          new Column("finished_at", "TIMESTAMP", "End of the run.", ColumnRule.PRESENT),
          new Column(
              "status",
              "STRING",
              "drained, stopped_early or failed.",
              ColumnRule.matching("drained|stopped_early|failed")),
          new Column(
              "error_code", "STRING", "Failure code, where failed.", ColumnRule.NAME.orNull()),
          new Column("fence_lsn", "INT64", "The fence of the run."),
          new Column("checkpoint_lsn", "INT64", "Position at the end of the run."),
          new Column("lag_bytes_before", "INT64", "WAL after the position when the run began."),
          new Column("lag_bytes_after", "INT64", "WAL after the position when the run ended."),
          new Column("snapshot_rows", "INT64", "Rows read by a snapshot or a backfill."),
          new Column("changes", "INT64", "Change events loaded."),
          new Column("inserts", "INT64", "Inserts among them."),
          new Column("updates", "INT64", "Updates among them."),
          new Column("deletes", "INT64", "Deletes among them."),
          new Column("truncates", "INT64", "Truncates among them."),
          new Column("rows_loaded", "INT64", "Changelog rows loaded."),
          new Column("bytes_loaded", "INT64", "Bytes of newline-delimited JSON loaded."),
          new Column("lossy_values", "INT64", "Values that went to _cdc_lossy."),
          new Column("last_change_at", "TIMESTAMP", "Newest commit time among its changes."),
          new Column("load_jobs", "STRING", "Load job ids, comma-separated."),
          new Column(
              "verified",
              "STRING",
              "equal, different or not_comparable; NULL where the run did not verify it."),
          new Column(
              "unavailable_values",
              "INT64",
              "Values named in _cdc_unavailable: Postgres does not send them again."),
          new Column(
              "phases_ms",
              "STRING",
              "How long the run's phases took, as name=milliseconds, comma-separated."),
          new Column(
              "schema_changes",
              "STRING",
              "What changed about the raw table's columns, a line each."),
          new Column("shard", "INT64", "The run's shard; NULL where there are none."))),
  SHARDS(
      "shards",
      "Which shard exports which table: the rows with the highest generation count.",
      "assigned_at",
      List.of(
          new Column(
              "generation",
              "INT64",
              "Ascending; each names all tables.",
              ColumnRule.between(1, 1L << 62)),
          new Column("table_name", "STRING", "Source table, as configured.", ColumnRule.PRESENT),
          new Column(
              "shard", "INT64", "The shard that exports it.", ColumnRule.between(1, Shard.MOST)),
          new Column(
              "shard_count",
              "INT64",
              "How many shards there are.",
              ColumnRule.between(1, Shard.MOST)),
          new Column("assigned_at", "TIMESTAMP", "When that was decided.", ColumnRule.PRESENT),
          new Column(
              "assigned_by",
              "STRING",
              "The run or the operator that decided it.",
              ColumnRule.PRESENT),
          new Column("reason", "STRING", "Why, in the operator's words."))),
  REQUESTS(
      "requests",
      "Log of what operators asked for: a request's state is that of its newest row.",
      "changed_at",
      List.of(
          new Column(
              "request_id",
              "STRING",
              "Names the request.",
              ColumnRule.matching("[A-Za-z0-9_-]{1,100}")),
          new Column(
              "kind",
              "STRING",
              "backfill, reset_all, skip or start.",
              ColumnRule.oneOf(Request.Kind.values())),
          new Column("table_name", "STRING", "Source table, as configured; NULL for all."),
          new Column(
              "state",
              "STRING",
              "requested, cancelled, done or failed.",
              ColumnRule.oneOf(Request.State.values())),
          new Column("filter", "STRING", "Condition of a filtered backfill."),
          new Column("batch", "INT64", "Batch that it used.", ColumnRule.COUNT.orNull()),
          new Column("rows", "INT64", "Rows read, reset or skipped.", ColumnRule.COUNT.orNull()),
          new Column("load_jobs", "STRING", "Load job ids, comma-separated."),
          new Column(
              "error_code", "STRING", "Failure code, where failed.", ColumnRule.NAME.orNull()),
          new Column("run_id", "STRING", "The run that carried it out."),
          new Column("changed_at", "TIMESTAMP", "When it came to this state.", ColumnRule.PRESENT),
          new Column("changed_by", "STRING", "Who asked for it."),
          new Column("reason", "STRING", "Why, in the operator's words."))),
  SNAPSHOT_CHUNKS(
      "snapshot_chunks",
      "Blocks of large tables whose snapshot may take several runs and tasks.",
      "changed_at",
      List.of(
          new Column("table_name", "STRING", "Source table, as configured.", ColumnRule.PRESENT),
          new Column("epoch", "INT64", "The epoch that its rows go into.", ColumnRule.EPOCH),
          new Column("chunk", "INT64", "Its number, from 1.", ColumnRule.between(1, 1L << 31)),
          new Column(
              "state",
              "STRING",
              "listed, offered (any task may read it) or read.",
              ColumnRule.oneOf(SnapshotChunk.State.values())),
          new Column(
              "relation",
              "INT64",
              "OID of the table or partition that holds the blocks.",
              ColumnRule.between(1, 0xFFFFFFFFL)),
          new Column(
              "file",
              "INT64",
              "Its relfilenode: another one once its rows lie elsewhere.",
              ColumnRule.between(0, 0xFFFFFFFFL)),
          new Column("first_block", "INT64", "The first block.", ColumnRule.COUNT),
          new Column("end_block", "INT64", "The block behind the last.", ColumnRule.COUNT),
          new Column(
              "batch",
              "INT64",
              "Batch number of its rows; while it is offered, the first of those reserved for it.",
              ColumnRule.BATCH),
          new Column("rows", "INT64", "Rows, once read.", ColumnRule.COUNT.orNull()),
          new Column(
              "duration_ms", "INT64", "How long reading it took.", ColumnRule.COUNT.orNull()),
          new Column(
              "run_id",
              "STRING",
              "The run that listed, offered or read it.",
              ColumnRule.matching("[A-Za-z0-9_-]{1,100}")),
          new Column("changed_at", "TIMESTAMP", "When it did.", ColumnRule.PRESENT)));

  private final String tableName;
  private final String description;
  private final String partitionColumn;
  private final List<Column> columns;

  ControlTable(String tableName, String description, String partitionColumn, List<Column> columns) {
    this.tableName = tableName;
    this.description = description;
    this.partitionColumn = partitionColumn;
    this.columns = columns;
  }

  public String tableName() {
    return tableName;
  }

  public String description() {
    return description;
  }

  /** TIMESTAMP column by whose day the table is partitioned. */
  public String partitionColumn() {
    return partitionColumn;
  }

  public List<Column> columns() {
    return columns;
  }

  /**
   * @param type GoogleSQL type name
   * @param rule what the export writes into it, and nothing else
   */
  public record Column(String name, String type, String description, ColumnRule rule) {
    Column(String name, String type, String description) {
      this(name, type, description, ColumnRule.ANY);
    }
  }
}
