package io.gkp.sql.changelog;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How far the changelog is folded into the state table. It stands in the latest view's text, so
 * that state and watermark change together for every reader.
 *
 * @param epoch the epoch that the state table holds
 * @param batch the last batch of it that is folded in
 * @param since no row that is not folded in was ingested earlier; the start of a partition
 * @param generation counts the folds of this table, so that each one is done once
 * @param completed when the epoch was completed, which tells it from an epoch of the same number of
 *     a ledger that is gone; null where an older release folded
 */
public record Watermark(
    long epoch, long batch, Instant since, long generation, @Nullable Instant completed) {
  private static final Pattern COMMENT =
      Pattern.compile(
          "-- Folded: epoch=(\\d+) batch=(\\d+) since=(\\S+) generation=(\\d+)"
              + "(?: completed=(\\S+))?");

  /** The line that carries it in the view's text: within the query, where nobody trims it. */
  String comment() {
    return "-- Folded: epoch=%d batch=%d since=%s generation=%d"
            .formatted(epoch, batch, since, generation)
        + (completed == null ? "" : " completed=" + completed);
  }

  /** Reads it back from a view's text; empty where nothing was folded yet. */
  public static Optional<Watermark> in(String viewText) {
    Matcher matcher = COMMENT.matcher(viewText);
    if (!matcher.find()) {
      return Optional.empty();
    }
    return Optional.of(
        new Watermark(
            Long.parseLong(matcher.group(1)),
            Long.parseLong(matcher.group(2)),
            Instant.parse(matcher.group(3)),
            Long.parseLong(matcher.group(4)),
            matcher.group(5) == null ? null : Instant.parse(matcher.group(5))));
  }

  /** The same, of the generation after this one. */
  Watermark next() {
    return new Watermark(epoch, batch, since, generation + 1, completed);
  }

  /** As labels, for the job that folds and for the table that it writes. */
  Map<String, String> labels() {
    Map<String, String> labels = new HashMap<>();
    labels.put("gkp_epoch", Long.toString(epoch));
    labels.put("gkp_batch", Long.toString(batch));
    labels.put("gkp_since", Long.toString(since.getEpochSecond()));
    labels.put("gkp_generation", Long.toString(generation));
    if (completed != null) {
      labels.put(
          "gkp_completed", Long.toString(ChronoUnit.MICROS.between(Instant.EPOCH, completed)));
    }
    return labels;
  }

  /** Reads it back from labels; empty where they are not a fold's. */
  static Optional<Watermark> of(Map<String, String> labels) {
    if (labels == null || !labels.containsKey("gkp_generation")) {
      return Optional.empty();
    }
    return Optional.of(
        new Watermark(
            Long.parseLong(labels.get("gkp_epoch")),
            Long.parseLong(labels.get("gkp_batch")),
            Instant.ofEpochSecond(Long.parseLong(labels.get("gkp_since"))),
            Long.parseLong(labels.get("gkp_generation")),
            Optional.ofNullable(labels.get("gkp_completed"))
                .map(micros -> Instant.EPOCH.plus(Long.parseLong(micros), ChronoUnit.MICROS))
                .orElse(null)));
  }
}
