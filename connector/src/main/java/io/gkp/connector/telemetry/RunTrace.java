package io.gkp.connector.telemetry;

import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.name.Lsn;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A span for the run, one for each of its phases below it, and one for each batch below its phase.
 * Of a load job only the end is seen, so its span has no length; BigQuery has its times under its
 * id.
 */
final class RunTrace implements Progress {
  private static final AttributeKey<String> RUN_ID = AttributeKey.stringKey("gkp.run.id");
  private static final AttributeKey<String> STATUS = AttributeKey.stringKey("gkp.run.status");
  private static final AttributeKey<String> ERROR_CODE = AttributeKey.stringKey("error.type");
  private static final AttributeKey<String> TABLE = AttributeKey.stringKey("gkp.table");
  private static final AttributeKey<String> JOB_ID = AttributeKey.stringKey("gcp.bigquery.job.id");
  private static final AttributeKey<Long> ROWS = AttributeKey.longKey("gkp.rows");
  private static final AttributeKey<Long> BATCH = AttributeKey.longKey("gkp.batch");
  private static final AttributeKey<String> LSN = AttributeKey.stringKey("gkp.lsn");

  private final Tracer tracer;
  private final Progress next;
  private final Span run;
  private @Nullable Span phase;
  private @Nullable Instant batchBegan;

  RunTrace(Tracer tracer, String runId, Progress next) {
    this.tracer = tracer;
    this.next = next;
    this.run =
        tracer.spanBuilder("export-bigquery").setNoParent().setAttribute(RUN_ID, runId).startSpan();
  }

  @Override
  public void phase(String what) {
    next.phase(what);
    synchronized (this) {
      endPhase();
      phase = tracer.spanBuilder(what).setParent(Context.root().with(run)).startSpan();
      batchBegan = Instant.now();
    }
  }

  @Override
  public void reading(TableName table, long estimatedRows) {
    next.reading(table, estimatedRows);
  }

  @Override
  public void read(TableName table, long rows) {
    next.read(table, rows);
  }

  @Override
  public void readAll(TableName table, long rows) {
    next.readAll(table, rows);
  }

  @Override
  public void streaming(Lsn from, Lsn fence) {
    next.streaming(from, fence);
  }

  @Override
  public void streamed(Lsn position, Map<TableName, Long> changes) {
    next.streamed(position, changes);
  }

  @Override
  public void loaded(String table, long rows, long bytes) {
    next.loaded(table, rows, bytes);
  }

  @Override
  public void loadedBy(String jobId, String table, long rows) {
    next.loadedBy(jobId, table, rows);
    synchronized (this) {
      tracer
          .spanBuilder("load")
          .setParent(parent())
          .setAttribute(JOB_ID, jobId)
          .setAttribute(TABLE, table)
          .setAttribute(ROWS, rows)
          .startSpan()
          .end();
    }
  }

  @Override
  public void committed(Checkpoint checkpoint) {
    next.committed(checkpoint);
    synchronized (this) {
      Instant now = Instant.now();
      tracer
          .spanBuilder("batch")
          .setParent(parent())
          .setStartTimestamp(batchBegan == null ? now : batchBegan)
          .setAttribute(BATCH, checkpoint.n())
          .setAttribute(LSN, checkpoint.lsn().toString())
          .setAttribute(ROWS, checkpoint.rows())
          .startSpan()
          .end(now);
      batchBegan = now;
    }
  }

  private Context parent() {
    return Context.root().with(phase == null ? run : phase);
  }

  private void endPhase() {
    if (phase != null) {
      phase.end();
      phase = null;
    }
  }

  synchronized void end(RunReport report) {
    endPhase();
    run.setAttribute(STATUS, report.status().name().toLowerCase(Locale.ROOT));
    if (report.error() != null) {
      run.setAttribute(ERROR_CODE, report.error().code());
      run.setStatus(StatusCode.ERROR, report.error().code());
    }
    run.end();
  }
}
