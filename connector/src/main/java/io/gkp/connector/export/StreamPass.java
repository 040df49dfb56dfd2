package io.gkp.connector.export;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.changelog.ColumnWatch;
import io.gkp.connector.changelog.Doubts;
import io.gkp.connector.changelog.FirstRowWatch;
import io.gkp.connector.changelog.FirstRows;
import io.gkp.connector.changelog.KeyWatch;
import io.gkp.connector.changelog.LoadPipeline;
import io.gkp.connector.changelog.MovingKeys;
import io.gkp.connector.changelog.PartWatch;
import io.gkp.connector.changelog.StreamBatcher;
import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.composition.Composition;
import io.gkp.connector.composition.RowSearch;
import io.gkp.connector.composition.TableDrifts;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.session.ServerText;
import io.gkp.connector.source.EndedTransactions;
import io.gkp.connector.source.Preflight;
import io.gkp.connector.source.SourceErrors;
import io.gkp.connector.source.WalHistory;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.connector.source.stream.ChangeStream;
import io.gkp.connector.source.stream.Fence;
import io.gkp.connector.source.stream.StreamErrors;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Streams from a checkpoint to a fence, with a fresh engine after each loss of the connection.
 *
 * <p>A lost connection is treated like a killed process: what was handed over is waited for, the
 * rest is forgotten, and the next engine starts from the last checkpoint and recovers.
 */
final class StreamPass {
  private static final Logger log = LoggerFactory.getLogger(StreamPass.class);

  private static final long POLL_MILLIS = 100;
  private static final int MAX_STARTS = 6;
  private static final Duration SETTLE = Duration.ofMinutes(10);
  private static final Duration PAUSE = Duration.ofSeconds(2);

  private final RunParts run;
  private final Connection connection;
  private final ServerText encoding;
  private final Doubts doubts;
  private final TableDrifts drifts;
  private final AnnouncedParts parts;
  private final FirstRows firstRows;

  @SuppressWarnings("NullAway.Init") // to tells from where
  private volatile Checkpoint durable;

  /**
   * @param connection where the fence is set
   * @param doubts told of tables whose changes do not fit their epochs
   * @param drifts what the captured tables consist of
   * @param parts told of partitions that come
   */
  StreamPass(
      RunParts run, Connection connection, Doubts doubts, TableDrifts drifts, AnnouncedParts parts)
      throws SQLException {
    this.run = run;
    this.connection = connection;
    this.encoding = ServerText.of(connection);
    this.doubts = doubts;
    this.drifts = drifts;
    this.parts = parts;
    this.firstRows = new FirstRows(new RowSearch(run.database()), doubts, parts);
  }

  /** The newest checkpoint of this pass. */
  Checkpoint durable() {
    return durable;
  }

  /**
   * Returns when everything up to a fence that is set now is committed, or the run shall end.
   *
   * @return the fence's LSN; {@link Lsn#NONE} when it was not reached
   */
  Lsn run(Checkpoint start, Map<TableName, EpochTable> tables)
      throws SQLException, InterruptedException {
    durable = start;
    EndedTransactions before = EndedTransactions.now(connection);
    Lsn fence = Fence.set(connection);
    run.progress().streaming(start.lsn(), fence);
    for (int starts = 1; ; starts++) {
      try {
        if (starts > 1) {
          checkSource();
        }
        Lsn reached = once(tables, fence);
        if (!reached.equals(Lsn.NONE)) {
          firstRows.fenced(before);
        }
        return reached;
      } catch (ExportException e) {
        if (!mayPass(e.failure(), starts) || starts >= MAX_STARTS || run.stop().isDue()) {
          throw e;
        }
        log.warn("{} Starting a new engine from LSN {}.", e.getMessage(), durable.lsn());
        Thread.sleep(PAUSE.toMillis() * starts);
      }
    }
  }

  /** What made the connection break may have left another server, or others in charge of it. */
  private void checkSource() throws SQLException {
    SourceConfig source = run.config().source();
    try (Connection again = run.database().connect()) {
      new Preflight(again, source).checkAgain();
    } catch (SQLException e) {
      throw SourceErrors.toFailure(source, e);
    }
  }

  /** After a loss the server may be starting, and may take a minute to see that we are gone. */
  private static boolean mayPass(Failure failure, int starts) {
    return isLoss(failure) || (starts > 1 && failure == Failure.SLOT_BUSY);
  }

  /** The run was connected before; a table's layout that cannot be asked for is a loss too. */
  private static boolean isLoss(Failure failure) {
    return failure == Failure.SOURCE_LOST || failure == Failure.SOURCE_UNREACHABLE;
  }

  private Lsn once(Map<TableName, EpochTable> tables, Lsn fence) throws InterruptedException {
    // The engine begins where the slot stands, and would create one that it does not find.
    durable = SlotPlace.move(run.database(), durable);
    LoadPipeline pipeline =
        new LoadPipeline(
            run.destination(),
            run.ledger(),
            durable,
            run.config().limits().maxInFlightBytes(),
            run.statistics()::durable,
            this::committed,
            () -> {}); // whoever waits is the engine's thread, which ends when the engine is closed
    StreamBatcher batcher =
        new StreamBatcher(
            run.destination(),
            pipeline,
            run.config().limits(),
            run.clock(),
            run.runId(),
            tables,
            durable,
            fence,
            run.progress()::streamed,
            end -> WalHistory.require(run.database(), end));
    try (pipeline;
        ChangeStream stream =
            new ChangeStream(
                run.config().source(),
                run.catalogue(),
                oids(tables),
                encoding,
                fence,
                watched(batcher, tables))) {
      CompletableFuture<Void> ended = stream.start();
      try {
        return drain(pipeline, batcher, ended);
      } catch (ExportException e) {
        if (isLoss(e.failure())) {
          stream.close();
          pipeline.settle(SETTLE);
        }
        throw e;
      }
    }
  }

  private ChangeHandler watched(StreamBatcher batcher, Map<TableName, EpochTable> tables) {
    return new PartWatch(
        new ColumnWatch(
            new KeyWatch(
                new FirstRowWatch(
                    new MovingKeys(batcher, tables, doubts), tables, run.catalogue(), firstRows),
                tables,
                doubts),
            tables,
            drifts::now,
            doubts),
        tables,
        run.catalogue(),
        doubts,
        parts);
  }

  /** A table is what it was when its epoch began; another one may have its name by now. */
  private static Map<TableName, Long> oids(Map<TableName, EpochTable> tables) {
    Map<TableName, Long> oids = new HashMap<>();
    tables.forEach(
        (name, table) ->
            Composition.parse(table.epoch().composition())
                .ifPresent(composition -> oids.put(name, composition.oid())));
    return oids;
  }

  private Lsn drain(LoadPipeline pipeline, StreamBatcher batcher, CompletableFuture<Void> ended)
      throws InterruptedException {
    CompletableFuture<Object> news =
        CompletableFuture.anyOf(batcher.stopped(), ended, pipeline.failure());
    while (true) {
      if (run.stop().isDue()) {
        batcher.requestStop();
      }
      try {
        news.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
        break;
      } catch (TimeoutException e) {
        if (run.stop().isOverdue()) {
          return Lsn.NONE;
        }
      } catch (ExecutionException e) {
        pipeline.throwIfFailed();
        throw StreamErrors.toFailure(run.config().source(), requireNonNull(e.getCause()));
      }
    }
    if (!batcher.stopped().isDone()) {
      throw StreamErrors.toFailure(
          run.config().source(), new IllegalStateException("engine ended"));
    }
    while (!pipeline.awaitCommitted(Duration.ofMillis(POLL_MILLIS))) {
      if (run.stop().isOverdue()) {
        return Lsn.NONE;
      }
    }
    return batcher.stopped().join();
  }

  private void committed(Checkpoint checkpoint) {
    durable = checkpoint;
    run.statistics().batchCommitted();
    run.progress().committed(checkpoint);
    log.info(
        "Committed batch {} at LSN {}: {} rows",
        checkpoint.n(),
        checkpoint.lsn(),
        checkpoint.rows());
  }
}
