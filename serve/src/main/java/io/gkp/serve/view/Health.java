package io.gkp.serve.view;

import io.gkp.connector.operations.OffsetsReport;
import io.gkp.connector.operations.RunSummary;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an operator asks first: is it fresh, what failed, what do I do.
 *
 * @param level {@code ok}, {@code warning} or {@code failing}
 */
record Health(String level, String sentence, @Nullable String remedy) {
  private static final String FAILING = "failing";
  private static final String WARNING = "warning";

  /** Of the WAL that the server may keep; behind it, the slot is in danger. */
  private static final double MOST_OF_LIMIT = 0.8;

  /** That of the shard that is worst, with its number; empty where all are well. */
  static Optional<Health> worst(Map<Integer, Status> shards) {
    return shards.entrySet().stream()
        .filter(shard -> !shard.getValue().health().equals("ok"))
        .min(Comparator.comparing(shard -> shard.getValue().health())) // failing, then warning
        .map(
            shard ->
                new Health(
                    shard.getValue().health(),
                    "Shard " + shard.getKey() + ": " + shard.getValue().sentence(),
                    shard.getValue().remedy()));
  }

  /** The worst comes first, and alone. */
  static Health of(OffsetsReport report, @Nullable RunSummary lastRun, Duration freshWithin) {
    if (report.checkpoint() == null) {
      return new Health(WARNING, "Nothing has been exported yet.", "Start a run.");
    }
    String slot = report.slot().state();
    if (slot.equals("missing") || slot.equals("lost")) {
      return new Health(
          FAILING,
          "The replication slot " + report.slot().name() + " is " + slot + ": no run can go on.",
          "Doctor names what to do.");
    }
    if (lastRun != null && lastRun.status().equals("failed")) {
      String code = lastRun.errorCode() == null ? "GKP-900" : lastRun.errorCode();
      return new Health(
          FAILING,
          "The newest run failed: %s [%s]."
              .formatted(Runbook.entry(code).map(Runbook.Entry::title).orElse("unknown"), code),
          Runbook.entry(code).map(Runbook.Entry::remedy).orElse("See the run."));
    }
    OffsetsReport.Wal wal = report.wal();
    if (wal.limitBytes() != null
        && wal.retainedBytes() != null
        && wal.retainedBytes() > wal.limitBytes() * MOST_OF_LIMIT) {
      return new Health(
          WARNING,
          "The slot keeps %s of WAL, and %s is all that the server allows."
              .formatted(Words.bytes(wal.retainedBytes()), Words.bytes(wal.limitBytes())),
          "Start a run now, or raise max_slot_wal_keep_size: behind the limit the slot is lost.");
    }
    Long seconds = report.lag().seconds();
    if (seconds == null) {
      return new Health(WARNING, "No run has reached its fence yet.", "Let a run come to its end.");
    }
    if (seconds > freshWithin.toSeconds()) {
      return new Health(
          WARNING,
          "The newest complete state is %s old; it should be less than %s."
              .formatted(Words.seconds(seconds), Words.seconds(freshWithin.toSeconds())),
          "Start a run, and see why the schedule does not.");
    }
    List<String> unfinished =
        report.tables().entrySet().stream()
            .filter(table -> !"completed".equals(table.getValue().state()))
            .map(Map.Entry::getKey)
            .toList();
    if (!unfinished.isEmpty()) {
      return new Health(
          WARNING,
          String.join(", ", unfinished)
              + (unfinished.size() == 1 ? " is" : " are")
              + " not complete yet; the others are as of "
              + Words.seconds(seconds)
              + " ago.",
          "The next run goes on with " + (unfinished.size() == 1 ? "it." : "them."));
    }
    return new Health(
        "ok",
        "All %d tables are complete as of %s ago."
            .formatted(report.tables().size(), Words.seconds(seconds)),
        null);
  }
}
