package io.gkp.sql.changelog;

import com.google.cloud.bigquery.TableId;
import io.gkp.bigquery.QueryJobs;
import io.gkp.sql.model.Layer;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.render.Identifiers;
import io.gkp.sql.warehouse.RawTable;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Deletes raw rows that no latest view reads any more. What is not folded into a state table is
 * never deleted.
 */
public final class Retention {
  private final QueryJobs jobs;
  private final Datasets datasets;
  private final Clock clock;

  public Retention(QueryJobs jobs, Datasets datasets, Clock clock) {
    this.jobs = jobs;
    this.datasets = datasets;
    this.clock = clock;
  }

  /**
   * Deletes whole daily partitions, which BigQuery does without reading or billing them: those
   * before the watermark that are also older than {@code kept}. Call it only once the latest view
   * has that watermark. First the raw table is labelled, so that no view is made of what is left
   * where the state table is lost.
   *
   * @return everything ingested before is gone
   */
  public Instant expire(RawTable table, Watermark watermark, Period kept) {
    Instant oldest =
        LocalDate.now(clock.withZone(ZoneOffset.UTC))
            .minus(kept)
            .atStartOfDay()
            .toInstant(ZoneOffset.UTC);
    Instant before = oldest.isBefore(watermark.since()) ? oldest : watermark.since();
    String old = "FROM %s WHERE _cdc_ingested_at < TIMESTAMP '%s'".formatted(path(table), before);
    String doing = "expiry of " + table.rawName();
    if (jobs.dryRun(doing, "SELECT _cdc_op " + old).getTotalBytesProcessed() > 0) {
      jobs.label(
          TableId.of(datasets.project(), datasets.raw(), table.rawName()),
          RawTable.PRUNED_EPOCH,
          Long.toString(watermark.epoch()));
    }
    jobs.run(doing, "DELETE " + old);
    return before;
  }

  /** Deletes the rows of snapshots that died before they were completed. */
  public void purgeDeadEpochs(RawTable table) {
    List<Long> dead =
        jobs
            .rows(
                "dead epochs of " + table.source(),
                """
                SELECT
                  epoch
                FROM %s
                WHERE table_name = %s
                GROUP BY
                  epoch
                HAVING COUNTIF(state = 'dead') > 0
                  AND COUNTIF(state = 'completed') = 0
                """
                    .formatted(
                        datasets.path(Layer.RAW, "epochs"), Identifiers.literal(table.source())))
            .stream()
            .map(row -> row.get(0).getLongValue())
            .toList();
    if (!dead.isEmpty()) {
      String epochs = dead.stream().map(String::valueOf).collect(Collectors.joining(", "));
      jobs.run(
          "dead epochs of " + table.rawName(),
          "DELETE FROM %s WHERE _cdc_epoch IN (%s)".formatted(path(table), epochs));
    }
  }

  private String path(RawTable table) {
    return datasets.path(Layer.RAW, table.rawName());
  }
}
