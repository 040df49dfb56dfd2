package io.gkp.offsets;

import io.gkp.offsets.Checkpoint.Kind;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The checkpoint ledger in the destination dataset.
 *
 * <p>Position lives beside the data it speaks of: whoever restores or deletes the dataset restores
 * or deletes its position with it. Rows are only appended; the row with the highest {@code n} is
 * the position.
 */
public final class Ledger {
  private static final char[] ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789".toCharArray();

  private final ControlStore store;

  public Ledger(ControlStore store) {
    this.store = store;
  }

  /** The newest checkpoint; empty where this dataset has no ledger yet. */
  public Optional<Checkpoint> last() {
    return store.read(ControlTable.CHECKPOINTS, "ORDER BY n DESC LIMIT 1").stream()
        .findFirst()
        .map(Ledger::fromRow);
  }

  /** Starts a ledger with a lineage of its own and no position. */
  public Checkpoint create(String runId, Instant now) {
    Checkpoint first = new Checkpoint(randomLineage(), 0, Lsn.NONE, Kind.CREATED, runId, now, 0);
    append(first);
    return first;
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
    store.append(
        ControlTable.CHECKPOINTS,
        "gkp_" + checkpoint.lineage() + "_" + checkpoint.n() + "_checkpoint",
        fingerprint(checkpoint),
        List.of(row));
  }

  /** A snapshot's reservation is its run's alone; a stream batch is the same whoever commits it. */
  private static String fingerprint(Checkpoint checkpoint) {
    String position = "lsn-" + checkpoint.lsn().value();
    return checkpoint.kind() == Kind.STREAM ? position : position + "-" + checkpoint.runId();
  }

  private static Checkpoint fromRow(Map<String, Object> row) {
    return new Checkpoint(
        (String) row.get("lineage"),
        (Long) row.get("n"),
        new Lsn((Long) row.get("lsn")),
        Kind.valueOf(((String) row.get("kind")).toUpperCase(Locale.ROOT)),
        (String) row.get("run_id"),
        Instant.parse((String) row.get("committed_at")),
        (Long) row.get("rows"));
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
