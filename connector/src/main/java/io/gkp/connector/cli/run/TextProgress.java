package io.gkp.connector.cli.run;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.cli.text.Sizes;
import io.gkp.connector.export.Progress;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Progress for people, on standard error: on a terminal a live line per table, and one for the
 * stream as a whole; elsewhere the same lines every few seconds.
 */
final class TextProgress implements Progress {
  private static final long LIVE_NANOS = 200_000_000L;
  private static final long EVERY_NANOS = 5_000_000_000L;

  private final PrintWriter err;
  private final @Nullable LiveLines live;
  private final Map<String, TableProgress> tables = new LinkedHashMap<>();
  private long began;
  private long lastShown = System.nanoTime();
  private Lsn from = Lsn.NONE;
  private Lsn position = Lsn.NONE;
  private Lsn fence = Lsn.NONE;

  /**
   * @param terminal whether {@code err} is one
   */
  TextProgress(PrintWriter err, boolean terminal) {
    this.err = err;
    this.live = terminal ? new LiveLines(err) : null;
  }

  @Override
  public synchronized void phase(String what) {
    tables.values().forEach(table -> say(table.line()));
    tables.clear();
    fence = Lsn.NONE;
    say(what + " ...");
  }

  @Override
  public synchronized void reading(TableName table, long estimatedRows) {
    tables.put(
        table.display(),
        new TableProgress(table.display(), "rows", estimatedRows, System.nanoTime()));
    show();
  }

  @Override
  public synchronized void read(TableName table, long rows) {
    requireNonNull(tables.get(table.display())).rows(rows, System.nanoTime());
    show();
  }

  @Override
  public synchronized void readAll(TableName table, long rows) {
    say(tables.remove(table.display()).line());
  }

  @Override
  public synchronized void streaming(Lsn start, Lsn end) {
    from = Lsn.NONE;
    position = start;
    fence = end;
    show();
  }

  @Override
  public synchronized void streamed(Lsn now, Map<TableName, Long> changes) {
    position = now.isAfter(position) ? now : position;
    long time = System.nanoTime();
    if (from.equals(Lsn.NONE)) {
      // The engine takes seconds to start; they say nothing about the rest.
      from = position;
      began = time;
    }
    changes.forEach((table, count) -> streaming(table.display()).rows(count, time));
    show();
  }

  @Override
  public synchronized void loaded(String table, long rows, long bytes) {
    streaming(table).loaded(bytes);
    show();
  }

  private TableProgress streaming(String table) {
    return tables.computeIfAbsent(
        table, name -> new TableProgress(name, "changes", -1, System.nanoTime()));
  }

  @Override
  public synchronized void committed(Checkpoint checkpoint) {
    say(
        "  batch %d committed: %,d rows, up to LSN %s"
            .formatted(checkpoint.n(), checkpoint.rows(), checkpoint.lsn()));
  }

  /** What is there now, often enough and not more often. */
  private void show() {
    long now = System.nanoTime();
    if (now - lastShown < (live == null ? EVERY_NANOS : LIVE_NANOS)) {
      return;
    }
    lastShown = now;
    List<String> lines = new ArrayList<>();
    tables.values().forEach(table -> lines.add(table.line()));
    if (!fence.equals(Lsn.NONE)) {
      lines.add(lag(now));
    }
    if (live == null) {
      lines.forEach(this::say);
    } else {
      live.show(lines);
    }
  }

  private String lag(long now) {
    long rest = fence.value() - position.value();
    long done = from.equals(Lsn.NONE) ? 0 : position.value() - from.value();
    if (rest <= 0) {
      return "  all of the WAL up to the fence is read";
    }
    return "  %s of WAL left to read up to the fence%s"
        .formatted(
            Sizes.text(rest),
            done <= 0 ? "" : ", about " + TableProgress.left(now - began, done, rest));
  }

  private void say(String line) {
    if (live == null) {
      err.println(line);
      err.flush();
    } else {
      live.say(line);
    }
  }
}
