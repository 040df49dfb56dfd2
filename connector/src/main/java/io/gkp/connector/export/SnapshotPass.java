package io.gkp.connector.export;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.LoadPipeline;
import io.gkp.connector.changelog.SnapshotBatch;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.composition.Composition;
import io.gkp.connector.composition.TableDrifts;
import io.gkp.connector.mapping.row.RowKey;
import io.gkp.connector.source.CapturedTable;
import io.gkp.connector.source.snapshot.EarlierWriters;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epoch.State;
import io.gkp.offsets.EpochChange;
import io.gkp.offsets.Epochs;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gives each captured table the epoch that its changes stream into, and reads those that have none.
 *
 * <p>An epoch is {@code snapshotting} before its first row is loaded and {@code converging} when
 * the last one is durable; a run that dies in between leaves an epoch that is never read, and that
 * the next run declares {@code dead}. By the next fence, every change older than its rows has come
 * after them: then it is {@code completed}.
 */
final class SnapshotPass {
  private final RunParts run;
  private final Epochs epochs;
  private final TableDrifts drifts;
  private final ChunkedSnapshots chunked;

  /** Of those that were converging, what this run has recorded as completed. */
  private final Set<Epoch> completed = new HashSet<>();

  /**
   * @param drifts what the captured tables consist of
   * @param chunked takes the snapshots of large tables
   */
  SnapshotPass(RunParts run, Epochs epochs, TableDrifts drifts, ChunkedSnapshots chunked) {
    this.chunked = chunked;
    this.run = run;
    this.epochs = epochs;
    this.drifts = drifts;
  }

  /**
   * Asks for a new snapshot of the tables of which changes have passed that nobody kept, or nobody
   * was sent.
   *
   * @param known the newest epoch of every table
   * @param last the newest checkpoint
   * @return the newest epoch of every table now
   */
  Map<String, Epoch> request(Map<String, Epoch> known, Checkpoint last) {
    EpochRequests requests = new EpochRequests(run.runId(), run.clock(), run.statistics());
    requests.ofTablesNotCaptured(epochs, known.values(), run.config().source().tables(), last);
    return requests.ofTablesThatDrifted(epochs, known, drifts, last) ? epochs.newest() : known;
  }

  /**
   * Tables that have an epoch to stream into.
   *
   * @param layouts what they looked like when the run began; what has become of them since, the
   *     stream announces
   */
  Map<TableName, EpochTable> streaming(
      List<CapturedTable> tables, Map<String, Epoch> newest, Map<TableName, SourceTable> layouts) {
    Map<TableName, EpochTable> targets = new LinkedHashMap<>();
    List<TableName> names = tables.stream().map(CapturedTable::name).toList();
    if (names.isEmpty()) {
      return targets;
    }
    run.destination().lookAhead(names);
    for (TableName name : names) {
      ChangelogTable raw =
          run.destination().existingTable(requireNonNull(layouts.get(name)), sentences(name));
      Epoch epoch = requireNonNull(newest.get(name.display()));
      if (epoch.state() == State.COMPLETED) {
        raw.keepKey(RowKey.parse(epoch.rowKey()));
      }
      List<String> lost = new ArrayList<>(raw.columnsToAdd());
      if (!lost.isEmpty()) {
        lost.retainAll(columnsRead(epoch));
        sentences(name).lost(raw.name(), lost);
      }
      targets.put(name, new EpochTable(raw, epoch));
    }
    return targets;
  }

  /**
   * The columns that the epoch's snapshot brought rows with; none where it found no rows. How many
   * it found in chunks is not known, only that the table was large; until the epoch is complete,
   * they may be on their way.
   */
  private Set<String> columnsRead(Epoch of) {
    return epochs.log().stream()
        .map(EpochChange::epoch)
        .filter(epoch -> epoch.state() == State.CONVERGING)
        .filter(epoch -> epoch.rows() > 0 || epoch.rows() < 0 && of.state() == State.COMPLETED)
        .filter(epoch -> epoch.table().equals(of.table()) && epoch.number() == of.number())
        .map(epoch -> Composition.parse(epoch.composition()))
        .flatMap(composition -> composition.stream())
        .flatMap(composition -> composition.columnNames().stream())
        .collect(Collectors.toSet());
  }

  /**
   * Reads tables that have no epoch to stream into. Those whose snapshot was cut before come last,
   * and the smaller come first: one that does not fit into a run holds up no other.
   *
   * @param newest the newest epoch of every table
   * @param last the newest checkpoint
   * @return those that were read; the others are put off until the next run, and their changes
   *     passed over until then: their snapshots will be newer
   */
  Map<TableName, EpochTable> read(
      List<CapturedTable> tables, Map<String, Epoch> newest, Checkpoint last)
      throws InterruptedException {
    Map<TableName, EpochTable> read = new LinkedHashMap<>();
    List<CapturedTable> inOrder =
        tables.stream()
            .sorted(
                Comparator.comparing((CapturedTable table) -> wasCut(newest, table))
                    .thenComparing(CapturedTable::estimatedRows))
            .toList();
    for (CapturedTable table : inOrder) {
      if (run.stop().isDue()) {
        break;
      }
      try {
        read(table, newest.get(table.name().display()), last)
            .ifPresent(target -> read.put(table.name(), target));
      } catch (ExportException e) {
        run.statistics().putOff(e);
      }
    }
    return read;
  }

  private static boolean wasCut(Map<String, Epoch> newest, CapturedTable table) {
    Epoch epoch = newest.get(table.name().display());
    return epoch != null && epoch.isCut();
  }

  /** By a fence that was reached; snapshots in chunks are completed once all of them are read. */
  void complete(Map<TableName, EpochTable> tables, Checkpoint fenced) {
    Set<TableName> open = chunked.open(tables).keySet();
    List<Epoch> keyed = new ArrayList<>();
    try {
      for (Map.Entry<TableName, EpochTable> entry : tables.entrySet()) {
        EpochTable table = entry.getValue();
        Epoch epoch = table.epoch();
        if (epoch.state() == State.CONVERGING
            && !open.contains(entry.getKey())
            && !completed.contains(epoch)) {
          table.raw().keyedFrom(epoch.number());
          keyed.add(epoch);
        }
      }
    } finally {
      epochs.complete(keyed, fenced.n(), run.clock().instant());
    }
    completed.addAll(keyed);
  }

  private SchemaSentences sentences(TableName table) {
    return new SchemaSentences(run.statistics(), table);
  }

  /** Empty where the snapshot is put off until the next run. */
  private Optional<EpochTable> read(CapturedTable table, @Nullable Epoch epoch, Checkpoint last)
      throws InterruptedException {
    TableName name = table.name();
    ChangelogTable raw = run.destination().table(run.catalogue().table(name), sentences(name));
    long number = nextEpoch(epochs, epoch);
    if (epoch == null) {
      requireEmpty(name, raw.name());
    } else {
      deleteCut(epoch, number, raw, last);
    }
    Optional<EpochTable> begun = chunked.begin(name, number, raw, drifts, last);
    if (begun.isPresent()) {
      return begun;
    }
    try (LoadPipeline pipeline = run.pipelineForReads(last, run.statistics()::durable)) {
      SnapshotBatch batch = run.batchOfReads(pipeline, last);
      return Optional.of(new EpochTable(raw, read(table, number, raw, batch)));
    } catch (CopiedRows.Stopped e) {
      return Optional.empty();
    }
  }

  /**
   * The rows of snapshots that were cut are read by nobody, and each attempt brings more. So are
   * those of a snapshot in chunks that began anew; but its epoch has changes, too.
   */
  private void deleteCut(Epoch newest, long next, ChangelogTable raw, Checkpoint last) {
    if (newest.state() == State.SNAPSHOTTING) {
      epochs.record(newest.to(State.DEAD), last.n(), run.clock().instant());
    }
    long first = epochs.lastStreamed(newest.table()).map(epoch -> epoch.number() + 1).orElse(1L);
    if (first < next) {
      run.destination().deleteEpochs(raw.name(), epochs.shard(), first, next - 1);
    }
    long unseen = epochs.lastCompleted(newest.table()).map(epoch -> epoch.number() + 1).orElse(1L);
    if (unseen < first) {
      run.destination().deleteReads(raw.name(), epochs.shard(), unseen, first - 1);
    }
  }

  /** Rows of which no epoch is known: the first epoch would begin among them. */
  private void requireEmpty(TableName table, String raw) {
    long rows = run.destination().rawRows(table).orElse(0);
    if (rows > 0) {
      throw new ExportException(
          Failure.LEDGER_INCOMPLETE,
          """
          Table %s holds %s rows, but the dataset knows of no snapshot of %s: its control \
          tables were deleted."""
              .formatted(raw, rows, table),
          "Restore them (BigQuery keeps deleted tables for 7 days), or drop or rename "
              + raw
              + "; the next run then begins with a snapshot.");
    }
  }

  /** The epoch, now converging. */
  private Epoch read(CapturedTable table, long epochNumber, ChangelogTable raw, SnapshotBatch batch)
      throws InterruptedException {
    run.phases().begin("snapshot");
    String name = table.name().display();
    String composition = drifts.composition(table.name());
    Instant began = run.clock().instant();
    epochs.record(
        new Epoch(name, epochNumber, State.SNAPSHOTTING, -1, composition, null),
        batch.number(),
        began);
    CopiedRows rows =
        new CopiedRows(
            table.name(),
            table.estimatedRows(),
            batch.table(raw, epochNumber),
            run.progress(),
            run.stop());
    try {
      new EarlierWriters(run.database()).await(table.name(), drifts.published(table.name()));
      run.reader().read(table.name(), rows);
    } catch (CopiedRows.Stopped e) {
      if (!run.stop().isSignalled()) { // no time for more then
        epochs.record(
            new Epoch(name, epochNumber, State.DEAD, -1, composition, null),
            batch.number(),
            run.clock().instant());
      }
      run.statistics()
          .warn(
              CutSnapshot.finding(
                  table,
                  rows.count(),
                  Duration.between(began, run.clock().instant()),
                  run.config().maxDuration()));
      throw e;
    }
    Epoch converging =
        new Epoch(
            name,
            epochNumber,
            State.CONVERGING,
            rows.finish(),
            with(rows.partitions(), composition),
            rows.key().text());
    epochs.record(converging, batch.number(), run.clock().instant());
    return converging;
  }

  /** A partition that was not there yet at the start of the run may be gone by the next one. */
  private static @Nullable String with(Map<Long, Long> partitions, @Nullable String composition) {
    return Composition.parse(composition)
        .map(known -> known.with(partitions).text())
        .orElse(composition);
  }

  /** A requested epoch has its number already; one whose snapshot died is not used again. */
  private static long nextEpoch(Epochs epochs, @Nullable Epoch epoch) {
    return epoch != null && epoch.state() == State.REQUESTED
        ? epoch.number()
        : epochs.numberAfter(epoch);
  }
}
