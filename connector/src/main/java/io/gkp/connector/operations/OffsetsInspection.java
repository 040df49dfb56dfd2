package io.gkp.connector.operations;

import io.gkp.connector.source.WalPosition;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Request;
import io.gkp.offsets.RunRecord;
import io.gkp.offsets.Runs;
import io.gkp.offsets.SlotState;
import io.gkp.offsets.SlotWal;
import io.gkp.offsets.SnapshotChunk;
import io.gkp.offsets.SnapshotProgress;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Collects what {@code offsets show} shows; reads only. */
public final class OffsetsInspection {
  private final BothSides sides;
  private final Clock clock;

  public OffsetsInspection(BothSides sides, Clock clock) {
    this.sides = sides;
    this.clock = clock;
  }

  /**
   * @throws io.gkp.failure.ExportException when either side cannot be asked
   */
  public OffsetsReport report() {
    List<BothSides> shards = sides.shards();
    if (shards.size() == 1) {
      return new OffsetsInspection(shards.get(0), clock).reportOfOne();
    }
    Map<Integer, OffsetsReport> reports = new TreeMap<>();
    for (BothSides shard : shards) {
      reports.put(
          shard.config().shard().number(), new OffsetsInspection(shard, clock).reportOfOne());
    }
    return OffsetsReport.of(reports);
  }

  private OffsetsReport reportOfOne() {
    Instant now = clock.instant();
    Optional<Checkpoint> last = sides.ledger().last();
    try {
      Optional<SlotState> slot = sides.slot().state();
      SlotWal wal = SlotWal.read(sides.connection(), sides.slot().name());
      Long behind =
          last.isPresent() && !last.get().lsn().equals(Lsn.NONE)
              ? WalPosition.bytesSince(sides.connection(), last.get().lsn())
              : null;
      return new OffsetsReport(
          now.toString(),
          last.map(OffsetsInspection::position).orElse(null),
          slot(slot),
          lag(behind, now),
          new OffsetsReport.Wal(wal.retainedBytes(), wal.limitBytes(), wal.bytesUntilLost()),
          tables(),
          pending(),
          Map.of());
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }

  private static OffsetsReport.Position position(Checkpoint last) {
    return new OffsetsReport.Position(
        last.n(),
        text(last.lsn()),
        last.kind().name().toLowerCase(Locale.ROOT),
        last.runId(),
        last.committedAt().toString(),
        last.lineage());
  }

  private OffsetsReport.Slot slot(Optional<SlotState> state) throws SQLException {
    return new OffsetsReport.Slot(
        sides.slot().name(),
        state.map(SlotState::walStatus).orElse("missing"),
        state.map(s -> text(s.confirmed())).orElse(null),
        state.map(s -> text(s.restart())).orElse(null),
        state.flatMap(SlotState::holder).orElse(null),
        sides.slot().lockHolder().orElse(null));
  }

  private OffsetsReport.Lag lag(@Nullable Long bytes, Instant now) {
    Instant asOf = sides.runs().newestDrained().map(RunRecord.Run::startedAt).orElse(null);
    return new OffsetsReport.Lag(
        bytes, asOf == null ? null : Duration.between(asOf, now).toSeconds(), text(asOf));
  }

  private Map<String, OffsetsReport.Table> tables() {
    Map<String, Epoch> epochs = sides.epochs().newest();
    Map<Epoch, List<SnapshotChunk>> chunks = sides.chunks().ofOpen(epochs.values());
    Runs runs = sides.runs();
    Map<String, RunRecord> newest = runs.newestByTable();
    Map<String, RunRecord> changed = runs.newestWithChangesByTable();
    Map<String, OffsetsReport.Table> tables = new LinkedHashMap<>();
    for (TableName table : sides.config().source().tables()) {
      String name = table.display();
      Epoch epoch = epochs.get(name);
      RunRecord last = newest.get(name);
      OptionalLong raw = sides.destination().rawRows(table);
      tables.put(
          name,
          new OffsetsReport.Table(
              epoch == null ? null : epoch.number(),
              epoch == null ? null : epoch.state().name().toLowerCase(Locale.ROOT),
              epoch == null || epoch.rows() < 0 ? null : epoch.rows(),
              raw.isPresent() ? raw.getAsLong() : null,
              changed.containsKey(name) ? text(changed.get(name).lastChangeAt()) : null,
              last == null
                  ? null
                  : new OffsetsReport.LastRun(
                      last.run().id(),
                      last.run().status(),
                      last.run().finishedAt().toString(),
                      last.counts().changes(),
                      last.counts().rowsLoaded()),
              epoch == null ? null : snapshot(chunks.getOrDefault(epoch, List.of()))));
    }
    return tables;
  }

  private static OffsetsReport.@Nullable Snapshot snapshot(List<SnapshotChunk> chunks) {
    if (chunks.isEmpty()) {
      return null;
    }
    SnapshotProgress progress = SnapshotProgress.of(chunks);
    Duration left = progress.left();
    return new OffsetsReport.Snapshot(
        progress.chunks(),
        progress.read(),
        progress.rows(),
        progress.rate(),
        left == null ? null : left.toSeconds());
  }

  private List<OffsetsReport.Pending> pending() {
    List<OffsetsReport.Pending> pending = new ArrayList<>();
    Map<String, Epoch> newest = sides.epochs().newest();
    sides.epochs().log().stream()
        .filter(change -> change.epoch().state() == Epoch.State.REQUESTED)
        .filter(
            change -> {
              Epoch now = newest.get(change.epoch().table());
              return now != null
                  && now.number() == change.epoch().number()
                  && now.state() == Epoch.State.REQUESTED;
            })
        .forEach(
            change ->
                pending.add(
                    new OffsetsReport.Pending(
                        null,
                        "reset",
                        change.epoch().table(),
                        null,
                        change.at().toString(),
                        change.by())));
    for (Request request : sides.requests().pending(Request.Kind.BACKFILL)) {
      pending.add(
          new OffsetsReport.Pending(
              request.id(),
              "backfill",
              request.table(),
              request.filter(),
              request.changedAt().toString(),
              request.by()));
    }
    return pending;
  }

  private static @Nullable String text(Lsn lsn) {
    return lsn.equals(Lsn.NONE) ? null : lsn.toString();
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
