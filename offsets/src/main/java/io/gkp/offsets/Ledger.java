package io.gkp.offsets;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint.Kind;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The checkpoint ledger in the destination dataset.
 *
 * <p>Position lives beside the data it speaks of: whoever restores or deletes the dataset restores
 * or deletes its position with it. Rows are only appended; the row with the highest {@code n} is
 * the position.
 */
public final class Ledger {
  private static final char[] ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789".toCharArray();

  private static final Pattern STREAM_FINGERPRINT = Pattern.compile("lsn-(\\d+)");

  /**
   * More batches than a week of runs leaves behind a restored dataset, large snapshots included.
   */
  private static final long LEAP = 1_000_000_000;

  private final ControlStore store;
  private final Shard shard;

  public Ledger(ControlStore store) {
    this(store, Shard.FIRST);
  }

  /** The part of the ledger that is a shard's. */
  public Ledger(ControlStore store, Shard shard) {
    this.store = store;
    this.shard = shard;
  }

  public Shard shard() {
    return shard;
  }

  /** The newest checkpoint; empty where this dataset has no ledger yet. */
  public Optional<Checkpoint> last() {
    return newest().stream().findFirst();
  }

  /** The newest checkpoint and the one before it, as far as there are any. */
  public List<Checkpoint> newest() {
    return rows("ORDER BY n DESC LIMIT 2").stream().map(Ledger::fromRow).toList();
  }

  /** The rows of the given kinds, oldest first. */
  public List<Checkpoint> ofKind(Kind... kinds) {
    String names =
        Arrays.stream(kinds)
            .map(kind -> "'" + kind.name().toLowerCase(Locale.ROOT) + "'")
            .collect(Collectors.joining(", "));
    return rows("AND kind IN (" + names + ") ORDER BY n").stream().map(Ledger::fromRow).toList();
  }

  private List<Map<String, Object>> rows(String suffix) {
    return new ControlRows(store, ControlTable.CHECKPOINTS)
        .all("WHERE " + shard.batchCondition("n") + " " + suffix);
  }

  /**
   * Refuses a position that the export has not written: the job of its row would tell otherwise, or
   * there is none where the row before has one. Of a dataset that was copied from another project
   * there is no job at all, and nothing is known.
   *
   * @param newest what {@link #newest} has read
   * @throws ExportException {@code CONTROL_ROW}
   */
  public void requireWritten(List<Checkpoint> newest) {
    if (newest.isEmpty()) {
      return;
    }
    Checkpoint last = newest.get(0);
    Optional<String> written = written(last);
    boolean isForeign =
        written.isPresent()
            ? !written.get().equals(fingerprint(last))
            : newest.size() > 1 && written(newest.get(1)).isPresent();
    if (isForeign) {
      throw new ExportException(
          Failure.CONTROL_ROW,
          """
          The newest row of table checkpoints, n = %s, is none that the export has written: no \
          load job of the export has its LSN %s."""
              .formatted(last.n(), last.lsn()),
          "Somebody has written into the dataset, and to go on from there could pass over changes."
              + " Restore the table as it was, which BigQuery allows for 7 days; or delete the row:"
              + " DELETE FROM checkpoints WHERE n = "
              + last.n()
              + "; or run offsets reset --all --yes.");
    }
  }

  private Optional<String> written(Checkpoint checkpoint) {
    return store.appended(key(checkpoint.lineage(), checkpoint.n()));
  }

  /**
   * What a run of any shard has committed, oldest first, behind the checkpoint that it began at.
   *
   * @param runId letters, digits and dashes
   */
  public List<Checkpoint> ofRun(String runId) {
    return store
        .read(
            ControlTable.CHECKPOINTS,
            "WHERE TRUE QUALIFY '"
                + runId
                + "' IN (run_id, LEAD(run_id) OVER (PARTITION BY "
                + Shard.batchGroup("n")
                + " ORDER BY n)) ORDER BY n")
        .stream()
        .map(Ledger::fromRow)
        .toList();
  }

  /** Starts a ledger with a lineage of its own and no position. */
  public Checkpoint create(String runId, Instant now) {
    Checkpoint first =
        new Checkpoint(
            randomLineage(), shard.firstBatch(), Lsn.NONE, Kind.CREATED, runId, now, 0, null);
    append(first);
    return first;
  }

  /**
   * Gives the position up; returns when that is durable.
   *
   * <ol>
   *   <li>The next number of the old lineage is taken, so that a run that was frozen meanwhile
   *       finds it taken and stops.
   *   <li>A new lineage begins behind it: a dataset that was restored to an earlier state must not
   *       meet the job ids of its lost future. Such a dataset is known by the first step finding
   *       its number taken; its numbers then go on far beyond any that may have been used.
   * </ol>
   *
   * <p>A process may die between the two; see {@link #finishLineage}.
   *
   * @return the newest checkpoint, which has no position
   */
  public Checkpoint giveUp(Checkpoint last, String runId, Instant now) {
    return beginLineage(last, Kind.RESET, Lsn.NONE, runId, now);
  }

  /**
   * Moves the position over one transaction, in the same two steps; what was begun of the next
   * batch belongs to the old lineage and is never looked at again.
   *
   * @param end where the transaction ends
   */
  public Checkpoint skipTo(Checkpoint last, Lsn end, String runId, Instant now) {
    return beginLineage(last, Kind.SKIP, end, runId, now);
  }

  /**
   * Begins the new lineage where whoever closed the old one died before: job ids of the old one may
   * be in use. Without effect otherwise. The caller has the right to run.
   *
   * @param newest what {@link #newest} has read
   * @return the newest checkpoint now
   */
  public Optional<Checkpoint> finishLineage(List<Checkpoint> newest, Instant now) {
    if (newest.size() < 2) {
      return newest.stream().findFirst();
    }
    Checkpoint last = newest.get(0);
    boolean closes = last.kind() == Kind.RESET || last.kind() == Kind.SKIP;
    if (!closes || !last.lineage().equals(newest.get(1).lineage())) {
      return Optional.of(last);
    }
    Checkpoint begun =
        new Checkpoint(
            randomLineage(),
            last.n() + 1,
            last.lsn(),
            last.kind(),
            last.runId(),
            now,
            0,
            last.timeline());
    append(begun);
    return Optional.of(begun);
  }

  private Checkpoint beginLineage(Checkpoint last, Kind kind, Lsn lsn, String runId, Instant now) {
    Checkpoint closed = last.next(kind, lsn, runId, now, 0);
    if (store.settle(key(closed.lineage(), closed.n())).isPresent()) {
      closed =
          new Checkpoint(
              last.lineage(), last.n() + LEAP, lsn, kind, runId, now, 0, last.timeline());
    } else {
      append(closed);
    }
    Checkpoint begun =
        new Checkpoint(randomLineage(), closed.n() + 1, lsn, kind, runId, now, 0, last.timeline());
    append(begun);
    return begun;
  }

  /**
   * Decides for ever whether an earlier run has committed a batch of the stream: a checkpoint that
   * is still on its way from a dead or frozen process comes too late.
   *
   * @return where that run ended the batch; empty when it did not commit it
   * @throws io.gkp.failure.ExportException with {@code LINEAGE_TAKEN_OVER} when an operator's
   *     command has used the number meanwhile
   */
  public Optional<Lsn> settle(String lineage, long n) {
    Optional<String> committed = store.settle(key(lineage, n));
    if (committed.isEmpty()) {
      return Optional.empty();
    }
    Matcher stream = STREAM_FINGERPRINT.matcher(committed.get());
    if (!stream.matches()) {
      throw new ExportException(
          Failure.LINEAGE_TAKEN_OVER,
          "Batch " + n + " of lineage " + lineage + " is not the stream's any more.",
          "Nothing was written by this run since; run again.");
    }
    return Optional.of(new Lsn(Long.parseLong(stream.group(1))));
  }

  /**
   * Takes the next batch numbers for rows that are read; the position stays. Returns when that is
   * durable.
   *
   * @param last the newest checkpoint
   * @param count how many
   * @return the newest checkpoint now, under the last of them
   */
  public Checkpoint reserve(Checkpoint last, int count, String runId, Instant now) {
    Checkpoint reserved =
        last.next(Kind.SNAPSHOT, last.lsn(), runId, now, 0).numbered(last.n() + count);
    append(reserved);
    return reserved;
  }

  /**
   * Commits a checkpoint; returns when it is durable.
   *
   * @throws io.gkp.failure.ExportException with {@code LINEAGE_TAKEN_OVER} when this batch number
   *     has been committed with another LSN
   */
  public void append(Checkpoint checkpoint) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("n", checkpoint.n());
    row.put("lineage", checkpoint.lineage());
    row.put("lsn", checkpoint.lsn().value());
    row.put("kind", checkpoint.kind().name().toLowerCase(Locale.ROOT));
    row.put("run_id", checkpoint.runId());
    row.put("committed_at", Timestamps.text(checkpoint.committedAt()));
    row.put("rows", checkpoint.rows());
    row.put("timeline", checkpoint.timeline());
    store.append(
        ControlTable.CHECKPOINTS,
        key(checkpoint.lineage(), checkpoint.n()),
        fingerprint(checkpoint),
        List.of(row));
  }

  private static String key(String lineage, long n) {
    return "gkp_" + lineage + "_" + n + "_checkpoint";
  }

  /** A snapshot's reservation is its run's alone; a stream batch is the same whoever commits it. */
  private static String fingerprint(Checkpoint checkpoint) {
    String position = "lsn-" + checkpoint.lsn().value();
    return switch (checkpoint.kind()) {
      case STREAM, FENCE -> position;
      default -> position + "-" + checkpoint.runId();
    };
  }

  private static Checkpoint fromRow(Map<String, Object> values) {
    ControlRow row = new ControlRow(values);
    return new Checkpoint(
        row.text("lineage"),
        row.number("n"),
        new Lsn(row.number("lsn")),
        Kind.valueOf(row.text("kind").toUpperCase(Locale.ROOT)),
        row.text("run_id"),
        row.time("committed_at"),
        row.number("rows"),
        row.numberOrNull("timeline"));
  }

  private static String randomLineage() {
    SecureRandom random = new SecureRandom();
    StringBuilder name = new StringBuilder();
    for (int i = 0; i < 10; i++) {
      name.append(ALPHABET[random.nextInt(ALPHABET.length)]);
    }
    return name.toString();
  }
}
