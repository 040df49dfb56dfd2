package io.gkp.connector.source.stream;

import io.debezium.config.Configuration;
import io.debezium.connector.postgresql.PostgresConnectorConfig;
import io.debezium.embedded.Connect;
import io.debezium.embedded.async.ConvertingAsyncEngineBuilderFactory;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.ConnectorCallback;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.debezium.Chunk;
import io.gkp.connector.debezium.EngineClasses;
import io.gkp.connector.debezium.EngineSession;
import io.gkp.connector.session.ServerText;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.wire.PgOutputReader;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One embedded Debezium engine, from its start at the slot's position to its end.
 *
 * <p>The engine gets no position from us and keeps none: resumed from a stored offset it loses
 * events. The slot alone says where to go on, and the server sends every transaction whose commit
 * lies beyond it, whole. For the same reason the engine never restarts itself; whoever runs the
 * stream starts a new one.
 *
 * @see <a
 *     href="https://debezium.io/documentation/reference/stable/development/engine.html">Debezium
 *     engine</a>
 */
public final class ChangeStream implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(ChangeStream.class);

  /** Of the 3 seconds that a signal leaves behind the last commit (docs/limits.md). */
  private static final int CLOSE_SECONDS = 2;

  private static final AtomicBoolean WARM = new AtomicBoolean();

  // Of Debezium's record of a logical decoding message.
  private static final String MESSAGE = "message";
  private static final String PREFIX = "prefix";
  private static final String CONTENT = "content";

  /** In a record's offset: up to where it may be acknowledged. */
  private static final String COMMIT_LSN = "lsn_commit";

  private final SourceConfig config;
  private final Lsn fence;
  private final ChangeHandler handler;
  private final CapturedChanges changes;
  private final PgOutputReader reader;

  /**
   * Where a group of transactions has ended, and the handler's durable position may stand behind.
   */
  private final Deque<Acknowledgeable> ends = new ArrayDeque<>();

  private @Nullable Acknowledgeable newestEnd;
  private final CompletableFuture<Void> ended = new CompletableFuture<>();

  /** The engine has started or failed; in between it refuses to be closed. */
  private final CompletableFuture<Void> closable = new CompletableFuture<>();

  /** The engine has let go of the slot and of its connections. */
  private final CompletableFuture<Void> stopped = new CompletableFuture<>();

  private final ExecutorService executor =
      Executors.newSingleThreadExecutor(
          runnable -> {
            Thread thread = new Thread(runnable, "change-stream");
            thread.setDaemon(true);
            return thread;
          });

  @SuppressWarnings("NullAway.Init") // start does
  private DebeziumEngine<RecordChangeEvent<SourceRecord>> engine;

  private volatile boolean closing;

  private record Acknowledgeable(Lsn end, RecordChangeEvent<SourceRecord> record) {}

  /**
   * @param oids what tables are: a name may have been another one's. Where it is empty, names alone
   *     count
   * @param encoding how the server's text comes
   * @param fence the place of which the handler is told ({@link ChangeHandler#fence})
   */
  public ChangeStream(
      SourceConfig config,
      Catalogue catalogue,
      Map<TableName, Long> oids,
      ServerText encoding,
      Lsn fence,
      ChangeHandler handler) {
    this.config = config;
    this.fence = fence;
    this.handler = handler;
    this.changes = new CapturedChanges(config.tables(), oids, catalogue, handler);
    this.reader = new PgOutputReader(encoding, changes);
  }

  /**
   * Has the JVM load what an engine consists of, while its user waits for something else: that
   * takes as long as the engine's own start. Does nothing once it has.
   */
  public static void warmUp(SourceConfig config) {
    if (WARM.getAndSet(true)) {
      return;
    }
    CompletableFuture.runAsync(
        () -> {
          Properties properties = EngineProperties.of(config, Lsn.NONE);
          builder().using(properties).notifying(record -> {}).build();
          new PostgresConnectorConfig(Configuration.from(properties));
        });
  }

  /**
   * Starts reading.
   *
   * @return completes exceptionally when the stream breaks or the handler throws (with the
   *     handler's own exception), and normally after {@link #close}
   */
  public CompletableFuture<Void> start() {
    EngineSession session = EngineSession.begin();
    engine =
        builder()
            .using(EngineProperties.of(config, session, fence))
            .notifying(this::handle)
            .using(
                (boolean success, String message, Throwable error) -> {
                  session.close();
                  closable.complete(null);
                  stopped.complete(null);
                  if (success || closing) {
                    ended.complete(null);
                  } else {
                    ended.completeExceptionally(
                        error != null ? error : new IllegalStateException(message));
                  }
                })
            .using(
                new ConnectorCallback() {
                  @Override
                  public void pollingStarted() {
                    closable.complete(null);
                  }
                })
            .build();
    executor.execute(engine);
    return ended;
  }

  private static DebeziumEngine.Builder<RecordChangeEvent<SourceRecord>> builder() {
    return new ConvertingAsyncEngineBuilderFactory()
        .builder(ChangeEventFormat.of(Connect.class))
        .using(EngineClasses.instance());
  }

  private void handle(
      List<RecordChangeEvent<SourceRecord>> records,
      RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
      throws InterruptedException {
    try {
      for (RecordChangeEvent<SourceRecord> record : records) {
        read(record);
      }
      acknowledge(committer);
    } catch (RuntimeException | Error e) {
      // Debezium wraps what a handler throws; ours is what the caller wants to see.
      ended.completeExceptionally(e);
      throw e;
    }
  }

  private void read(RecordChangeEvent<SourceRecord> event) throws InterruptedException {
    SourceRecord record = event.record();
    Chunk.read(content(record), reader::read);
    if (record.sourceOffset().get(COMMIT_LSN) instanceof Long end
        && (newestEnd == null || newestEnd.end().value() != end)) {
      newestEnd = new Acknowledgeable(new Lsn(end), event);
    }
    if (changes.takeMayStand() && newestEnd != null && newestEnd != ends.peekLast()) {
      ends.add(newestEnd);
    }
  }

  /** Whatever else Debezium sends would be changes that went past us. */
  private static byte[] content(SourceRecord record) {
    if (!(record.value() instanceof Struct value)
        || value.schema().field(MESSAGE) == null
        || !Chunk.PREFIX.equals(value.getStruct(MESSAGE).getString(PREFIX))) {
      throw new IllegalStateException("Debezium sent a record of " + record.topic());
    }
    return value.getStruct(MESSAGE).getBytes(CONTENT);
  }

  /** Marks the newest durable end of a group; the engine flushes that LSN to the server. */
  private void acknowledge(RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
      throws InterruptedException {
    Lsn durable = handler.durable();
    Acknowledgeable newest = null;
    while (!ends.isEmpty() && !ends.peek().end().isAfter(durable)) {
      newest = ends.poll();
    }
    if (newest != null) {
      committer.markProcessed(newest.record());
      committer.markBatchFinished();
    }
  }

  /**
   * Stops reading; nothing more is acknowledged.
   *
   * <p>Waits some seconds for the engine to let go of the slot. One that needs longer, or that is
   * still starting, goes on with that behind this method's return.
   */
  @Override
  public void close() {
    closing = true;
    // No interrupt: an engine that is interrupted while it stops leaves its walsender behind.
    executor.shutdown();
    if (engine == null) {
      return;
    }
    closable.thenRunAsync(this::closeEngine);
    try {
      stopped.get(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      log.debug("The engine is still stopping");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // it is never completed that way
    }
  }

  private void closeEngine() {
    try {
      engine.close();
      // All is let go of. One that was closed when it was about to poll would wait for the poll,
      // which is not done any more.
      executor.shutdownNow();
    } catch (IOException | IllegalStateException e) {
      log.debug("The engine is stopping by itself", e);
    }
  }
}
