package io.gkp.connector.export;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.LoadPipeline;
import io.gkp.connector.changelog.SnapshotBatch;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.source.snapshot.Condition;
import io.gkp.connector.source.snapshot.SnapshotReader;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.verify.ReadTable;
import io.gkp.connector.verify.Sample;
import io.gkp.connector.verify.TableVerification;
import io.gkp.connector.verify.Verification;
import io.gkp.connector.verify.VerifyOptions;
import io.gkp.connector.wire.Tuple;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the warehouse with the source at the end of a run.
 *
 * <ol>
 *   <li>The stream has reached a fence, and every epoch is complete.
 *   <li>The rows of each table are read, by the reader of snapshots, into a side table.
 *   <li>The stream goes on to another fence: whatever the reads saw is in the changelog then.
 *   <li>BigQuery compares both as of each read. What was committed after it is told by its
 *       transaction, so that it is neither taken for a difference nor hides one.
 * </ol>
 */
final class VerifyPass {
  private static final Logger log = LoggerFactory.getLogger(VerifyPass.class);

  /** A condition that reads longer than this would keep old row versions alive at the source. */
  private static final Duration TIMEOUT = Duration.ofMinutes(15);

  /** What says something of one table, and nothing of the others. */
  private static final Set<Failure> UNREADABLE =
      Set.of(Failure.SOURCE_LOCKED, Failure.BACKFILL_REJECTED, Failure.PLANNED_FUNCTIONS);

  private final RunParts run;
  private final VerifyOptions options;
  private final Map<TableName, EpochTable> targets;
  private final Instant began;
  private final Map<TableName, ReadTable> read = new HashMap<>();
  private final Map<TableName, String> unread = new HashMap<>();

  VerifyPass(RunParts run, VerifyOptions options, Map<TableName, EpochTable> targets) {
    this.run = run;
    this.options = options;
    this.targets = targets;
    this.began = run.clock().instant();
  }

  /**
   * Reads the tables; the stream must reach a fence then.
   *
   * @param last the newest checkpoint
   * @throws CopiedRows.Stopped when the run shall end
   */
  void read(Checkpoint last) throws InterruptedException {
    for (TableName table : wanted()) {
      EpochTable target = targets.get(table);
      if (target == null) {
        unread.put(table, "its snapshot is not complete yet");
        continue;
      }
      try {
        read.put(table, read(table, target.epoch().number(), last));
      } catch (ExportException e) {
        if (!UNREADABLE.contains(e.failure())) {
          throw e;
        }
        unread.put(table, e.getMessage());
      }
    }
  }

  private List<TableName> wanted() {
    return options.tables().isEmpty() ? run.config().source().tables() : options.tables();
  }

  private ReadTable read(TableName table, long epoch, Checkpoint last) throws InterruptedException {
    SourceTable source = run.catalogue().table(table);
    ChangelogTable side = run.destination().sideTable(source, began);
    try (LoadPipeline pipeline = run.pipelineForReads(last, receipt -> {})) {
      SnapshotBatch batch = run.batchOfReads(pipeline, last);
      SeenRows rows =
          new SeenRows(
              new CopiedRows(table, -1, batch.table(side, epoch), run.progress(), run.stop()));
      Condition condition = options.condition();
      Sample sample = options.sample();
      if (condition != null) {
        run.reader().read(table, condition, TIMEOUT, rows);
      } else if (sample != null && source.hasKey()) {
        run.reader().readPart(table, layout -> sample.inPostgres(layout, run.runId()), rows);
      } else {
        run.reader().read(table, rows);
      }
      log.info("Read {} rows of {} to compare them", rows.copied.finish(), table);
      return new ReadTable(table, side.mapping(), side.name(), epoch, requireNonNull(rows.visible));
    }
  }

  /**
   * Compares what was read.
   *
   * @param fenced the checkpoint at the fence behind the reads
   * @param doubtful tables that the next run reads anew
   */
  List<TableVerification> compare(Checkpoint fenced, Set<TableName> doubtful) {
    for (TableName table : doubtful) {
      if (read.remove(table) != null) {
        unread.put(table, "it was altered meanwhile, and the next run reads it anew");
      }
    }
    Verification verification = new Verification(run.destination().client(), options, run.runId());
    return wanted().stream()
        .map(
            table ->
                read.containsKey(table)
                    ? verification.compare(read.get(table), fenced.n(), began)
                    : TableVerification.notComparable(table.display(), unread.get(table)))
        .toList();
  }

  /** Rows together with what the read could see. */
  private static final class SeenRows implements SnapshotReader.RowHandler {
    private final CopiedRows copied;
    private @Nullable String visible;

    SeenRows(CopiedRows copied) {
      this.copied = copied;
    }

    @Override
    public void seeing(String transactions) {
      this.visible = transactions;
    }

    @Override
    public void begin(SourceTable layout, Lsn lsn) {
      copied.begin(layout, lsn);
    }

    @Override
    public void row(Tuple values) throws InterruptedException {
      copied.row(values);
    }
  }
}
