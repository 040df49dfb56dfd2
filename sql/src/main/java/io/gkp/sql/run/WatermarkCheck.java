package io.gkp.sql.run;

import io.gkp.bigquery.QueryJobs;
import io.gkp.sql.changelog.Watermark;
import io.gkp.sql.model.Layer;
import io.gkp.sql.model.Severity;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.warehouse.RawTable;

/**
 * Looks for changes that a latest view would miss: not folded in, yet ingested before the time from
 * which on the view reads raw. There are none as long as the export's clock never goes back by more
 * than a day. Reads three narrow columns of the old partitions.
 */
public final class WatermarkCheck {
  private final QueryJobs jobs;
  private final Datasets datasets;

  public WatermarkCheck(QueryJobs jobs, Datasets datasets) {
    this.jobs = jobs;
    this.datasets = datasets;
  }

  /** The check's result: how many changes lie behind the watermark. */
  public CheckResult of(RawTable table, Watermark watermark) {
    return new CheckResult(
        table.latestName(),
        "nothing_behind_the_watermark",
        Severity.FAIL,
        missed(table, watermark),
        "the export's clock went back by more than a day: drop %s and %s, then run the models again"
            .formatted(table.latestName(), table.stateName()));
  }

  private long missed(RawTable table, Watermark watermark) {
    String sql =
        """
        SELECT
          COUNT(*)
        FROM %s
        WHERE _cdc_ingested_at < TIMESTAMP '%s'
          AND (_cdc_epoch > %d OR (_cdc_epoch = %d AND _cdc_batch > %d))
        """
            .formatted(
                datasets.path(Layer.RAW, table.rawName()),
                watermark.since(),
                watermark.epoch(),
                watermark.epoch(),
                watermark.batch());
    return jobs.rows("watermark of " + table.latestName(), sql).get(0).get(0).getLongValue();
  }
}
