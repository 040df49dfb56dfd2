package io.gkp.sql.changelog;

import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a fold would do.
 *
 * @param lineage of the ledger; part of the fold's job id
 */
record FoldPlan(String lineage, long unfoldedRows, Watermark watermark) {
  /** Batches follow each other by number; their times may not, where clocks are adjusted. */
  private static final Duration CLOCK_MARGIN = Duration.ofDays(1);

  static FoldPlan of(FieldValueList row, Optional<Watermark> before) {
    Optional<Instant> oldestNeeded =
        Stream.of("folded_until", "later_epoch_since")
            .map(row::get)
            .filter(value -> !value.isNull())
            .map(FieldValue::getLongValue)
            .map(micros -> Instant.EPOCH.plus(micros, ChronoUnit.MICROS))
            .min(Instant::compareTo);
    Instant since =
        oldestNeeded
            .map(instant -> instant.minus(CLOCK_MARGIN).truncatedTo(ChronoUnit.DAYS))
            .orElse(before.map(Watermark::since).orElse(Instant.EPOCH));
    Instant notBackwards = before.map(Watermark::since).filter(since::isBefore).orElse(since);
    return new FoldPlan(
        row.get("lineage").getStringValue(),
        row.get("unfolded_rows").getLongValue(),
        new Watermark(
            row.get("epoch").getLongValue(),
            row.get("batch").getLongValue(),
            notBackwards,
            before.map(Watermark::generation).orElse(0L) + 1,
            Instant.EPOCH.plus(row.get("completed_at").getLongValue(), ChronoUnit.MICROS)));
  }

  /** The same, as another generation. */
  FoldPlan next() {
    return new FoldPlan(lineage, unfoldedRows, watermark.next());
  }
}
