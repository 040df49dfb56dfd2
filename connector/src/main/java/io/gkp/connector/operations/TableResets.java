package io.gkp.connector.operations;

import io.gkp.connector.source.TableSize;
import io.gkp.connector.source.snapshot.BackfillCheck;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.RequestIds;
import io.gkp.offsets.ResetAll;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Asks for new snapshots: of one table, or of all with a new slot. */
public final class TableResets {
  private final BothSides sides;
  private final Clock clock;

  public TableResets(BothSides sides, Clock clock) {
    this.sides = sides;
    this.clock = clock;
  }

  /**
   * What a snapshot of a table would cost.
   *
   * @param estimatedRows the planner's, counted where it has none; null where that takes long
   * @param bytes of the table in Postgres
   * @param seconds by the rate of its last snapshot; null where there was none
   */
  public record Plan(
      String table, @Nullable Long estimatedRows, long bytes, @Nullable Long seconds) {}

  /**
   * What was recorded.
   *
   * @param epoch the epoch that the next run will snapshot
   * @param alreadyRequested whether it had been asked for before
   * @param run session of a run that is going, null where there is none
   */
  public record Queued(String table, long epoch, boolean alreadyRequested, @Nullable String run) {}

  /**
   * @throws ExportException {@code CONFIGURATION} when a table is not captured, {@code
   *     TABLE_MISSING} when it does not exist
   */
  public List<Plan> plan(List<String> tables) {
    return tables.stream().map(sides::captured).map(this::plan).toList();
  }

  /** Plans of all captured tables. */
  public List<Plan> planAll() {
    return sides.config().source().tables().stream().map(this::plan).toList();
  }

  private Plan plan(TableName table) {
    try {
      TableSize size =
          TableSize.read(sides.connection(), table)
              .orElseThrow(
                  () ->
                      new ExportException(
                          Failure.TABLE_MISSING,
                          "Table %s is not in database %s; nothing was changed."
                              .formatted(table, sides.config().source().database()),
                          "Correct --table (or --tables)."));
      Long rows = rows(table, size);
      return new Plan(
          table.display(),
          rows,
          size.bytes(),
          rows == null ? null : SnapshotRate.seconds(sides.epochs(), table, rows));
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }

  /** The planner's estimate, or a count where it has none and that is quick; otherwise null. */
  private @Nullable Long rows(TableName table, TableSize size) {
    if (size.estimatedRows() >= 0) {
      return size.estimatedRows();
    }
    OptionalLong counted = new BackfillCheck(sides.database(), sides.catalogue()).count(table);
    return counted.isPresent() ? counted.getAsLong() : null;
  }

  /** Asks for a new snapshot of each table; the next run takes it. */
  public List<Queued> request(List<String> tables, String by, @Nullable String reason) {
    return tables.stream()
        .map(sides::captured)
        .map(table -> request(sides.of(table), table, by, reason))
        .toList();
  }

  private Queued request(BothSides shard, TableName table, String by, @Nullable String reason) {
    Checkpoint last =
        shard
            .ledger()
            .last()
            .orElseThrow(
                () ->
                    new ExportException(
                        Failure.CONFIGURATION,
                        "The dataset has no ledger: nothing has been exported yet.",
                        "Run export-bigquery; its first run takes a snapshot of everything."));
    Epochs epochs = new Epochs(shard.store(), shard.config().shard(), last.lineage(), null);
    Epoch newest = epochs.newest().get(table.display());
    String run = run(shard);
    if (newest != null && newest.state() == Epoch.State.REQUESTED) {
      return new Queued(table.display(), newest.number(), true, run);
    }
    Epoch asked =
        epochs.request(
            RequestIds.create("reset", clock),
            table.display(),
            epochs.numberAfter(epochs.newestOfAny().get(table.display())),
            last.n(),
            clock.instant(),
            by,
            reason);
    return new Queued(table.display(), asked.number(), false, run);
  }

  /** Starts over; see {@link ResetAll}. */
  public ResetAll.Outcome resetAll(String by, @Nullable String reason) {
    try {
      sides.slot().lock();
      return new ResetAll(sides.store(), sides.config().shard(), sides.slot(), clock)
          .run(by, reason);
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }

  private @Nullable String run(BothSides shard) {
    try {
      return shard.slot().lockHolder().orElse(null);
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }
}
