package io.gkp.offsets;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.gkp.offsets.Epoch.State;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The log of table epochs in the destination dataset, and those of one shard in it. An epoch is of
 * the shard whose number it has; another shard neither streams into it nor reads its snapshot.
 */
public final class Epochs {
  /** In the place of a state: a row that says what the epoch's table consists of, no more. */
  static final String NOTED = "noted";

  private static final String COMPLETED = "completed";
  private static final int DIGEST_BYTES = 16;

  private final ControlStore store;
  private final String lineage;
  private final @Nullable String runId;
  private final Shard shard;

  public Epochs(ControlStore store, String lineage, @Nullable String runId) {
    this(store, Shard.FIRST, lineage, runId);
  }

  /**
   * @param lineage of the shard's ledger
   */
  public Epochs(ControlStore store, Shard shard, String lineage, @Nullable String runId) {
    this.store = store;
    this.shard = shard;
    this.lineage = lineage;
    this.runId = runId;
  }

  public Shard shard() {
    return shard;
  }

  /** The newest epoch of every table, where it is this shard's. */
  public Map<String, Epoch> newest() {
    return own(newestOfAny());
  }

  /**
   * The newest epoch of every table that has one, whatever its shard. What another shard has only
   * asked for does not count: it asks when it gives a table away, and this one may have begun.
   */
  public Map<String, Epoch> newestOfAny() {
    return newest(this::counts);
  }

  private boolean counts(EpochChange change) {
    return change.epoch().state() != State.REQUESTED || shard.hasEpoch(change.epoch().number());
  }

  /**
   * The newest epoch of every table, whatever its shard, those included that are only asked for.
   */
  public Map<String, Epoch> newestOfAll() {
    return newest(change -> true);
  }

  /**
   * What shards know of each other's tables.
   *
   * @param newest as {@link #newestOfAny} has it
   * @param takeovers the newest epoch of every table of this shard that another one has asked for
   *     to take the table over. This shard's epoch is published no further than that request, even
   *     if nothing came of it.
   */
  public record Shared(Map<String, Epoch> newest, Map<String, Epoch> takeovers) {}

  /** Reads both at once. */
  public Shared shared() {
    List<Map<String, Object>> rows = rows();
    return new Shared(newest(rows, this::counts), newest(rows, this::isTakeover));
  }

  private boolean isTakeover(EpochChange change) {
    return change.epoch().state() == State.REQUESTED
        && !shard.hasEpoch(change.epoch().number())
        && shard.hasBatch(change.batch());
  }

  private Map<String, Epoch> own(Map<String, Epoch> epochs) {
    epochs.values().removeIf(epoch -> !shard.hasEpoch(epoch.number()));
    return epochs;
  }

  /** The number of the epoch of this shard that follows one of any shard; null for none. */
  public long numberAfter(@Nullable Epoch epoch) {
    return shard.epochAfter(epoch == null ? 0 : epoch.number());
  }

  /**
   * The newest epoch of every table that a run has begun to fill: without those that an operator
   * has asked for meanwhile.
   */
  public Map<String, Epoch> newestBegun() {
    return own(newest(change -> change.epoch().state() != State.REQUESTED));
  }

  /**
   * The newest epoch of every table into which changes were streamed.
   *
   * @param since only those that streamed from this batch on
   */
  public Map<String, Epoch> newestStreaming(long since) {
    return own(
        newest(
            change ->
                change.epoch().isStreaming()
                    && (change.batch() >= since || !shard.hasEpoch(change.epoch().number()))));
  }

  /** The newest epoch of this shard that a table's changes were streamed into. */
  public Optional<Epoch> lastStreamed(String table) {
    return Optional.ofNullable(
        newest(change -> change.epoch().isStreaming() && shard.hasEpoch(change.epoch().number()))
            .get(table));
  }

  /** The newest epoch of this shard that analysts have seen a table in. */
  public Optional<Epoch> lastCompleted(String table) {
    return Optional.ofNullable(
        newest(
                change ->
                    change.epoch().state() == State.COMPLETED
                        && shard.hasEpoch(change.epoch().number()))
            .get(table));
  }

  private Map<String, Epoch> newest(Predicate<EpochChange> which) {
    return newest(rows(), which);
  }

  private static Map<String, Epoch> newest(
      List<Map<String, Object>> rows, Predicate<EpochChange> which) {
    Map<String, Epoch> newest = new HashMap<>();
    changes(rows).stream()
        .filter(which)
        .map(EpochChange::epoch)
        .forEach(epoch -> newest.merge(epoch.table(), epoch, Epochs::later));
    rows.stream()
        .filter(Epochs::isNote)
        .sorted(Comparator.comparing(row -> (Long) row.get("batch")))
        .forEach(
            note ->
                newest.computeIfPresent(
                    (String) note.get("table_name"),
                    (table, epoch) ->
                        Long.valueOf(epoch.number()).equals(note.get("epoch"))
                            ? epoch.consistingOf((String) note.get("composition"))
                            : epoch));
    return newest;
  }

  /** Every change of state, oldest first. */
  public List<EpochChange> log() {
    return changes(rows());
  }

  private List<Map<String, Object>> rows() {
    return new ControlRows(store, ControlTable.EPOCHS)
        .all("ORDER BY changed_at, table_name, epoch, state");
  }

  private static List<EpochChange> changes(List<Map<String, Object>> rows) {
    return rows.stream().filter(row -> !isNote(row)).map(Epochs::fromRow).toList();
  }

  private static boolean isNote(Map<String, Object> row) {
    return NOTED.equals(row.get("state"));
  }

  /**
   * Records what the tables of these epochs consist of by now, which leaves their rows right; once
   * in a run. Returns when that is durable.
   *
   * @param batch batch number at that moment
   */
  public void note(List<Epoch> epochs, long batch, Instant now) {
    if (!epochs.isEmpty()) {
      note(epochs, "", batch, now);
    }
  }

  /**
   * The same of one epoch whose table has got a partition meanwhile.
   *
   * @param what names the note; each is noted once in a run
   */
  public void noteAnnounced(Epoch epoch, String what, long batch, Instant now) {
    note(List.of(epoch), "_" + what, batch, now);
  }

  private void note(List<Epoch> epochs, String suffix, long batch, Instant now) {
    store.append(
        ControlTable.EPOCHS,
        "gkp_" + lineage + "_epochs_" + NOTED + "_" + runId + suffix,
        NOTED,
        epochs.stream()
            .map(epoch -> row(new EpochChange(epoch, batch, runId, now, null, null), NOTED))
            .toList());
  }

  /**
   * Records that an epoch reached a state; returns when that is durable. Recording it twice has no
   * further effect, except that only one run can begin an epoch's snapshot.
   *
   * @param batch batch number at that moment
   */
  public void record(Epoch epoch, long batch, Instant now) {
    append(new EpochChange(epoch, batch, runId, now, null, null), "");
  }

  /**
   * Records at once that epochs are completed; returns when that is durable. Recording the same
   * ones twice has no further effect.
   *
   * @param batch batch number at that moment
   */
  public void complete(List<Epoch> epochs, long batch, Instant now) {
    List<Epoch> completed = epochs.stream().map(epoch -> epoch.to(State.COMPLETED)).toList();
    if (completed.size() == 1) {
      record(completed.get(0), batch, now);
    } else if (!completed.isEmpty()) {
      store.append(
          ControlTable.EPOCHS,
          "gkp_" + lineage + "_epochs_" + digest(completed) + "_" + COMPLETED,
          "state-" + COMPLETED,
          completed.stream()
              .map(epoch -> row(new EpochChange(epoch, batch, runId, now, null, null), COMPLETED))
              .toList());
    }
  }

  /** The same for the same epochs, and for no others. */
  private static String digest(List<Epoch> epochs) {
    String names =
        epochs.stream()
            .map(epoch -> epoch.number() + " " + epoch.table())
            .sorted()
            .collect(Collectors.joining("\n"));
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(names.getBytes(UTF_8));
      return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }

  /**
   * Asks for a new epoch, which the next run snapshots; returns when that is durable.
   *
   * @param requestId makes the request distinct from any other one for the same number, one that a
   *     restored dataset has forgotten included
   * @param batch newest batch number at that moment
   */
  public Epoch request(
      String requestId,
      String table,
      long number,
      long batch,
      Instant now,
      String by,
      @Nullable String reason) {
    Epoch epoch = new Epoch(table, number, State.REQUESTED, -1, null, null);
    append(new EpochChange(epoch, batch, null, now, by, reason), "_" + requestId);
    return epoch;
  }

  private void append(EpochChange change, String keySuffix) {
    Epoch epoch = change.epoch();
    String state = epoch.state().name().toLowerCase(Locale.ROOT);
    store.append(
        ControlTable.EPOCHS,
        "gkp_"
            + lineage
            + "_epoch_"
            + epoch.table()
            + "_"
            + epoch.number()
            + "_"
            + state
            + keySuffix,
        epoch.state() == State.SNAPSHOTTING ? "state-" + state + "-" + runId : "state-" + state,
        List.of(row(change, state)));
  }

  private static Map<String, Object> row(EpochChange change, String state) {
    Epoch epoch = change.epoch();
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("table_name", epoch.table());
    row.put("epoch", epoch.number());
    row.put("state", state);
    row.put("kind", Shard.ordinal(epoch.number()) == 1 ? "initial" : "reset");
    row.put("batch", change.batch());
    row.put("rows", epoch.rows() < 0 ? null : epoch.rows());
    row.put("run_id", change.runId());
    row.put("changed_at", Timestamps.text(change.at()));
    row.put("composition", epoch.composition());
    row.put("row_key", epoch.rowKey());
    row.put("changed_by", change.by());
    row.put("reason", change.reason());
    return row;
  }

  private static EpochChange fromRow(Map<String, Object> values) {
    ControlRow row = new ControlRow(values);
    Long rows = row.numberOrNull("rows");
    return new EpochChange(
        new Epoch(
            row.text("table_name"),
            row.number("epoch"),
            State.valueOf(row.text("state").toUpperCase(Locale.ROOT)),
            rows == null ? -1 : rows,
            row.textOrNull("composition"),
            row.textOrNull("row_key")),
        row.count("batch"),
        row.textOrNull("run_id"),
        row.time("changed_at"),
        row.textOrNull("changed_by"),
        row.textOrNull("reason"));
  }

  private static Epoch later(Epoch left, Epoch right) {
    if (left.number() != right.number()) {
      Epoch newer = left.number() > right.number() ? left : right;
      Epoch older = newer == left ? right : left;
      return newer.state() == State.REQUESTED ? newer.consistingOf(older.composition()) : newer;
    }
    return left.state().compareTo(right.state()) > 0 ? left : right;
  }
}
