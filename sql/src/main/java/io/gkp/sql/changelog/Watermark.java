package io.gkp.sql.changelog;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How far the changelog is folded into the state table. It stands in the latest view's text, so
 * that state and watermark change together for every reader.
 *
 * @param epoch the epoch that the state table holds
 * @param batch the last batch of it that is folded in
 * @param since no row that is not folded in was ingested earlier; the start of a partition
 * @param generation counts the folds of this table, so that each one is done once
 */
public record Watermark(long epoch, long batch, Instant since, long generation) {
  private static final Pattern COMMENT =
      Pattern.compile("-- Folded: epoch=(\\d+) batch=(\\d+) since=(\\S+) generation=(\\d+)");

  /** The line that carries it in the view's text: within the query, where nobody trims it. */
  String comment() {
    return "-- Folded: epoch=%d batch=%d since=%s generation=%d"
        .formatted(epoch, batch, since, generation);
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
            Long.parseLong(matcher.group(4))));
  }

  /** The same, of the generation after this one. */
  Watermark next() {
    return new Watermark(epoch, batch, since, generation + 1);
  }

  /** As labels, for the job that folds and for the table that it writes. */
  Map<String, String> labels() {
    return Map.of(
        "gkp_epoch", Long.toString(epoch),
        "gkp_batch", Long.toString(batch),
        "gkp_since", Long.toString(since.getEpochSecond()),
        "gkp_generation", Long.toString(generation));
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
            Long.parseLong(labels.get("gkp_generation"))));
  }
}
