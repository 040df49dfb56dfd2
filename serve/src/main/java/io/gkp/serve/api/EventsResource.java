package io.gkp.serve.api;

import io.gkp.failure.Failure;
import io.gkp.serve.http.Json;
import io.gkp.serve.http.Problem;
import io.gkp.serve.runs.RunControl;
import io.gkp.serve.runs.Runner;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import io.javalin.http.sse.SseHandler;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /api/runs/{id}/events}: what a run says of itself, as it says it. An event's id is where
 * the next one begins in the run's file, so that a browser that has lost the connection goes on
 * from there. The last event is {@code end}. Each client has a thread of its own: one that reads
 * slowly holds up nobody else, and there are so many and no more.
 *
 * @see <a href="https://html.spec.whatwg.org/multipage/server-sent-events.html">server-sent
 *     events</a>
 */
public final class EventsResource implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(EventsResource.class);
  private static final int MOST_CLIENTS = 32;
  private static final int MOST_BYTES_AT_ONCE = 256 << 10;
  private static final long POLL_MILLIS = 250;

  /** Of a run that was started elsewhere, and so says nothing here. */
  private static final long POLL_ELSEWHERE_MILLIS = 3_000;

  private static final long KEEP_ALIVE_NANOS = 10_000_000_000L;

  private static final String EVENT_STREAM = "text/event-stream";

  private final RunControl control;
  private final SseHandler handler = new SseHandler(this::follow);
  private final Semaphore free = new Semaphore(MOST_CLIENTS);
  private final ExecutorService followers =
      Executors.newCachedThreadPool(
          task -> {
            Thread thread = new Thread(task, "events");
            thread.setDaemon(true);
            return thread;
          });

  public EventsResource(RunControl control) {
    this.control = control;
  }

  public void handle(Context context) {
    String accepted = context.header("Accept");
    if (accepted == null || !accepted.contains(EVENT_STREAM)) {
      throw new Problem(
          406,
          Failure.BAD_REQUEST,
          "Events come as " + EVENT_STREAM + " and in no other form.",
          "Send Accept: " + EVENT_STREAM + ".");
    }
    RunsResource.id(context);
    if (!free.tryAcquire()) {
      throw new Problem(
          503, Failure.BAD_REQUEST, "Too many follow runs already.", "Close other pages.");
    }
    handler.handle(context);
  }

  private void follow(SseClient client) {
    Context context = client.ctx();
    String runId = RunsResource.id(context);
    long from = offset(context.header("Last-Event-ID"));
    client.keepAlive();
    followers.execute(
        () -> {
          try {
            follow(client, runId, from);
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          } catch (IOException | RuntimeException e) {
            log.debug("Nobody follows run {} any more", runId, e);
          } finally {
            free.release();
            client.close();
          }
        });
  }

  private static long offset(String id) {
    try {
      return id == null ? 0 : Math.max(0, Long.parseLong(id));
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private void follow(SseClient client, String runId, long from)
      throws IOException, InterruptedException {
    Optional<Path> file = control.folder(runId).map(Runner.RunFolder::events);
    long offset = from;
    long said = System.nanoTime();
    while (!client.terminated()) {
      boolean isHere = control.isGoingHere(runId);
      boolean isGoing = isHere || (file.isEmpty() && control.isGoing(runId));
      long before = offset;
      if (file.isPresent() && Files.exists(file.get())) {
        offset = send(client, file.get(), offset);
      }
      if (offset > before) {
        said = System.nanoTime();
        continue;
      }
      if (!isGoing) {
        client.sendEvent("end", Json.text(Map.of("run_id", runId)), Long.toString(offset));
        return;
      }
      if (System.nanoTime() - said > KEEP_ALIVE_NANOS) {
        client.sendComment("still going");
        said = System.nanoTime();
      }
      Thread.sleep(file.isPresent() ? POLL_MILLIS : POLL_ELSEWHERE_MILLIS);
    }
  }

  /** Sends the whole lines from there on, and returns where they end. */
  private static long send(SseClient client, Path file, long from) throws IOException {
    byte[] bytes;
    try (RandomAccessFile events = new RandomAccessFile(file.toFile(), "r")) {
      long length = Math.min(events.length() - from, MOST_BYTES_AT_ONCE);
      if (length <= 0) {
        return from;
      }
      bytes = new byte[(int) length];
      events.seek(from);
      events.readFully(bytes);
    }
    int start = 0;
    for (int i = 0; i < bytes.length; i++) {
      if (bytes[i] == '\n') {
        String line = new String(bytes, start, i - start, StandardCharsets.UTF_8);
        start = i + 1;
        client.sendEvent("progress", line, Long.toString(from + start));
      }
    }
    return from + start;
  }

  @Override
  public void close() {
    followers.shutdownNow();
  }
}
