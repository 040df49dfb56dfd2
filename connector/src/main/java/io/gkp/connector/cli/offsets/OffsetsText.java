package io.gkp.connector.cli.offsets;

import io.gkp.connector.cli.text.Moments;
import io.gkp.connector.cli.text.Printable;
import io.gkp.connector.cli.text.Sizes;
import io.gkp.connector.operations.OffsetsReport;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** {@code offsets show} for people. */
final class OffsetsText {
  private static final String ROW = "  %-24s %6s %-12s %12s %12s  %-24s %s%n";

  private final PrintWriter out;

  OffsetsText(PrintWriter out) {
    this.out = out;
  }

  void print(OffsetsReport report) {
    if (report.shards().isEmpty()) {
      printOne(report);
    }
    report
        .shards()
        .forEach(
            (number, shard) -> {
              out.println("shard " + number + " of " + report.shards().size());
              printOne(shard);
            });
  }

  private void printOne(OffsetsReport report) {
    OffsetsReport.Lag lag = report.lag();
    out.println(
        lag.completeAsOf() == null || lag.seconds() == null
            ? "complete    not yet: no run has reached its fence"
            : "complete    as of %s, %s ago; the server has written %s since"
                .formatted(
                    moment(lag.completeAsOf()),
                    Sizes.text(Duration.ofSeconds(lag.seconds())),
                    Sizes.text(lag.bytes())));
    OffsetsReport.Position position = report.checkpoint();
    out.println(
        position == null
            ? "checkpoint  none: the dataset has no ledger yet"
            : "checkpoint  %s, batch %,d (%s), committed %s by %s"
                .formatted(
                    position.lsn() == null ? "no position" : position.lsn(),
                    position.n(),
                    position.kind(),
                    moment(position.committedAt()),
                    position.runId()));
    OffsetsReport.Slot slot = report.slot();
    out.println(
        "slot        %s: %s%s"
            .formatted(
                slot.name(),
                slot.state(),
                slot.confirmedLsn() == null
                    ? ""
                    : ", confirmed " + slot.confirmedLsn() + ", restart " + slot.restartLsn()));
    if (slot.activeBy() != null) {
      out.println("            read by " + slot.activeBy());
    }
    if (slot.run() != null) {
      out.println("            a run is going: " + slot.run());
    }
    OffsetsReport.Wal wal = report.wal();
    out.println(
        "WAL kept    %s%s"
            .formatted(
                Sizes.text(wal.retainedBytes()),
                wal.limitBytes() == null
                    ? "; the server sets no limit (max_slot_wal_keep_size)"
                    : " of at most %s; %s until the slot may be lost"
                        .formatted(
                            Sizes.text(wal.limitBytes()), Sizes.text(wal.bytesUntilLost()))));
    tables(report);
    for (OffsetsReport.Pending pending : report.pending()) {
      out.println(
          "waiting     %s of %s%s, asked for by %s at %s%s"
              .formatted(
                  pending.kind(),
                  Printable.line(pending.table()),
                  pending.filter() == null ? "" : " where " + Printable.line(pending.filter()),
                  Printable.line(pending.by()),
                  moment(pending.at()),
                  pending.requestId() == null ? "" : ": " + pending.requestId()));
    }
    out.flush();
  }

  private void tables(OffsetsReport report) {
    out.printf(ROW, "table", "epoch", "state", "snapshot", "raw rows", "last change", "last run");
    report
        .tables()
        .forEach(
            (name, table) -> {
              out.printf(
                  ROW,
                  name,
                  dash(table.epoch()),
                  dash(table.state()),
                  Sizes.count(table.snapshotRows()),
                  Sizes.count(table.rawRows()),
                  dash(table.lastChangeAt() == null ? null : moment(table.lastChangeAt())),
                  table.lastRun() == null
                      ? "-"
                      : table.lastRun().runId() + " " + table.lastRun().status());
              if (table.snapshot() != null) {
                out.println("    " + snapshot(table.snapshot()));
              }
            });
  }

  private static String snapshot(OffsetsReport.Snapshot snapshot) {
    return "snapshot: chunk %d of %d, %s rows%s%s"
        .formatted(
            snapshot.chunksRead(),
            snapshot.chunks(),
            Sizes.count(snapshot.rows()),
            snapshot.rowsPerSecond() == null
                ? ""
                : ", " + Sizes.count(snapshot.rowsPerSecond()) + " a second",
            snapshot.secondsLeft() == null
                ? ""
                : ", about "
                    + Sizes.text(Duration.ofSeconds(snapshot.secondsLeft()))
                    + " of reading to go");
  }

  private static String moment(String instant) {
    return Moments.text(Instant.parse(instant));
  }

  private static String dash(@Nullable Object value) {
    return value == null ? "-" : value.toString();
  }
}
