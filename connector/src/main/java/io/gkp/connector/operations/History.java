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

  /** The newest events, newest first. */
  public List<HistoryEvent> newest(int limit) {
    List<HistoryEvent> events = new ArrayList<>();
    for (RunRecord run : sides.runs().newest(limit)) {
      events.add(of(run));
      run.schemaChanges().forEach(change -> events.add(schemaChange(run, change)));
    }
    sides.epochs().log().forEach(change -> events.add(of(change)));
    sides.requests().all().forEach(request -> events.add(of(request)));
    return events.stream()
        .sorted(Comparator.comparing((HistoryEvent e) -> Instant.parse(e.at())).reversed())
        .limit(limit)
        .toList();
  }

  private static HistoryEvent of(RunRecord run) {
    return new HistoryEvent(
        run.finishedAt().toString(),
        "run",
        run.status(),
        run.table(),
        run.runId(),
        null,
        null,
        run.counts().rowsLoaded(),
        run.errorCode(),
        null,
        run.loadJobs());
  }

  private static HistoryEvent schemaChange(RunRecord run, String sentence) {
    return new HistoryEvent(
        run.finishedAt().toString(),
        "schema",
        "changed",
        run.table(),
        run.runId(),
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
        request.rows(),
        request.errorCode(),
        request.filter(),
        request.loadJobs());
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
