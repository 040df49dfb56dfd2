package io.gkp.connector.cli.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gkp.connector.export.Progress;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what happens in a run to a file, a JSON object on each line: {@code at}, {@code event} and
 * what belongs to it. Counts that change all the time are written once a second, and never more
 * than {@link #MOST_BYTES} of it all. A run does not fail for its file.
 */
final class EventsFile implements Progress {
  private static final Logger log = LoggerFactory.getLogger(EventsFile.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final long EVERY_NANOS = 1_000_000_000L;
  private static final long MOST_BYTES = 8L << 20;

  private final Path file;
  private final Progress next;
  private final Map<String, Long> written = new LinkedHashMap<>();
  private long bytes;

  EventsFile(Path file, Progress next) {
    this.file = file;
    this.next = next;
  }

  @Override
  public void phase(String what) {
    next.phase(what);
    write("phase", Map.of("phase", what));
  }

  @Override
  public void reading(TableName table, long estimatedRows) {
    next.reading(table, estimatedRows);
    write("reading", table(table.display(), "estimated_rows", estimatedRows));
  }

  @Override
  public void read(TableName table, long rows) {
    next.read(table, rows);
    if (isDue("read " + table)) {
      write("read", table(table.display(), "rows", rows));
    }
  }

  @Override
  public void readAll(TableName table, long rows) {
    next.readAll(table, rows);
    write("read_all", table(table.display(), "rows", rows));
  }

  @Override
  public void streaming(Lsn from, Lsn fence) {
    next.streaming(from, fence);
    write("streaming", Map.of("from_lsn", from.toString(), "fence_lsn", fence.toString()));
  }

  @Override
  public void streamed(Lsn position, Map<TableName, Long> changes) {
    next.streamed(position, changes);
    if (isDue("streamed")) {
      Map<String, Long> counts = new LinkedHashMap<>();
      changes.forEach((table, count) -> counts.put(table.display(), count));
      write("streamed", Map.of("lsn", position.toString(), "changes", counts));
    }
  }

  @Override
  public void loaded(String table, long rows, long jsonBytes) {
    next.loaded(table, rows, jsonBytes);
    Map<String, Object> loaded = table(table, "rows", rows);
    loaded.put("bytes", jsonBytes);
    write("loaded", loaded);
  }

  @Override
  public void loadedBy(String jobId, String table, long rows) {
    next.loadedBy(jobId, table, rows);
  }

  @Override
  public void committed(Checkpoint checkpoint) {
    next.committed(checkpoint);
    write(
        "committed",
        Map.of(
            "batch",
            checkpoint.n(),
            "rows",
            checkpoint.rows(),
            "lsn",
            checkpoint.lsn().toString()));
  }

  private static Map<String, Object> table(String table, String count, long value) {
    Map<String, Object> of = new LinkedHashMap<>();
    of.put("table", table);
    of.put(count, value);
    return of;
  }

  private synchronized boolean isDue(String what) {
    long now = System.nanoTime();
    Long last = written.get(what);
    if (last != null && now - last < EVERY_NANOS) {
      return false;
    }
    written.put(what, now);
    return true;
  }

  private synchronized void write(String event, Map<String, ?> what) {
    if (bytes >= MOST_BYTES) {
      return;
    }
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("at", Instant.now().toString());
    line.put("event", event);
    line.putAll(what);
    try {
      byte[] text = (JSON.writeValueAsString(line) + "\n").getBytes(StandardCharsets.UTF_8);
      Files.write(file, text, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      bytes += text.length;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    } catch (IOException e) {
      bytes = MOST_BYTES;
      log.warn("The run's progress is not written any more: {}", e.getClass().getSimpleName());
    }
  }
}
