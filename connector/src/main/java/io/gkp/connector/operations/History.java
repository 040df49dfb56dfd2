package io.gkp.connector.operations;

import io.gkp.offsets.Epoch;
import io.gkp.offsets.EpochChange;
import io.gkp.offsets.Request;
import io.gkp.offsets.RunRecord;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Everything that runs and operators did, from the control tables. */
public final class History {
  private final BothSides sides;

  public History(BothSides sides) {
    this.sides = sides;
  }

  /** The newest events, newest first; the tables of one run stand together. */
  public List<HistoryEvent> newest(int limit) {
    List<HistoryEvent> events = new ArrayList<>();
    List<RunRecord> records = sides.runs().newest(limit);
    records.forEach(record -> events.add(of(record)));
    for (RunRecord record : records) {
      record.schemaChanges().forEach(change -> events.add(schemaChange(record, change)));
    }
    sides.epochs().log().forEach(change -> events.add(of(change)));
    sides.requests().all().forEach(request -> events.add(of(request)));
    return events.stream()
        .sorted(Comparator.comparing((HistoryEvent e) -> Instant.parse(e.at())).reversed())
        .limit(limit)
        .toList();
  }

  private static HistoryEvent of(RunRecord record) {
    return new HistoryEvent(
        record.run().finishedAt().toString(),
        "run",
        record.run().status(),
        record.table(),
        record.run().id(),
        null,
        null,
        record.counts().rowsLoaded(),
        record.run().errorCode(),
        null,
        record.loadJobs());
  }

  private static HistoryEvent schemaChange(RunRecord record, String sentence) {
    return new HistoryEvent(
        record.run().finishedAt().toString(),
        "schema",
        "changed",
        record.table(),
        record.run().id(),
        null,
        null,
        null,
        null,
        sentence,
        List.of());
  }

  private static HistoryEvent of(EpochChange change) {
    Epoch epoch = change.epoch();
    return new HistoryEvent(
        change.at().toString(),
        epoch.state() == Epoch.State.REQUESTED ? "reset" : "epoch",
        lower(epoch.state()),
        epoch.table(),
        change.runId(),
        change.by(),
        change.reason(),
        epoch.rows() < 0 ? null : epoch.rows(),
        null,
        "epoch " + epoch.number(),
        List.of());
  }

  private static HistoryEvent of(Request request) {
    return new HistoryEvent(
        request.changedAt().toString(),
        lower(request.kind()),
        lower(request.state()),
        request.table(),
        request.id(),
        request.by(),
        request.reason(),
        request.outcome().rows(),
        request.outcome().errorCode(),
        request.filter(),
        request.outcome().loadJobs());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
