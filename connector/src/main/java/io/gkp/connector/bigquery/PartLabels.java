package io.gkp.connector.bigquery;

import io.gkp.connector.changelog.Cut;
import io.gkp.connector.changelog.Part;
import io.gkp.connector.changelog.RecordedPart;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What a load job's labels say about its part; the write-ahead log of recovery. A job without them,
 * one of another version included, is refused and not guessed about.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/labels-intro#requirements">label
 *     requirements</a>
 */
final class PartLabels {
  private static final String CHANGES = "gkp_changes";
  private static final String LAST_CHANGE = "gkp_last_change";
  private static final String ROWS = "gkp_rows";
  private static final String BATCH_END = "gkp_batch_end_lsn";
  private static final String TIMELINE = "gkp_timeline";
  private static final String INGESTED_AT = "gkp_ingested_at_us";

  private PartLabels() {}

  static Map<String, String> of(Part part) {
    Map<String, String> labels = new LinkedHashMap<>();
    labels.put(CHANGES, Long.toString(part.cut().changes()));
    labels.put(LAST_CHANGE, part.cut().lastChange());
    labels.put(ROWS, Long.toString(part.rows()));
    labels.put(
        INGESTED_AT, Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, part.ingestedAt())));
    part.cut().batchEnd().ifPresent(end -> labels.put(BATCH_END, Long.toString(end.value())));
    if (part.cut().timeline() != null) {
      labels.put(TIMELINE, Long.toString(part.cut().timeline()));
    }
    return labels;
  }

  static RecordedPart read(Map<String, String> labels, boolean durable) {
    try {
      return new RecordedPart(
          new Cut(
              Long.parseLong(labels.get(CHANGES)),
              labels.get(LAST_CHANGE),
              Optional.ofNullable(labels.get(BATCH_END)).map(end -> new Lsn(Long.parseLong(end))),
              Optional.ofNullable(labels.get(TIMELINE)).map(Long::valueOf).orElse(null)),
          Long.parseLong(labels.get(ROWS)),
          Instant.EPOCH.plus(Long.parseLong(labels.get(INGESTED_AT)), ChronoUnit.MICROS),
          durable);
    } catch (NumberFormatException e) {
      throw new ExportException(
          Failure.LINEAGE_TAKEN_OVER,
          "A job of this lineage lacks its labels: something else uses its job ids, or another"
              + " version of the export began this batch.",
          "Run offsets reset --all to start a lineage of its own.",
          e);
    }
  }
}
