package io.gkp.connector.verify;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.bigquery.BigQuery;
import io.gkp.connector.mapping.value.LossyReason;
import io.gkp.connector.verify.TableVerification.Outcome;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.sql.changelog.ChangelogQueries;
import io.gkp.sql.verify.AsOf;
import io.gkp.sql.verify.Comparison;
import io.gkp.sql.verify.Comparisons;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Compares tables that were read, once a fence behind the reads is reached. */
public final class Verification {
  /** For so long a transaction may be in the log before others see it. */
  private static final Duration UNSEEN = Duration.ofDays(1);

  /** A key's digits stay what they are. */
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** What these keep of a value does not name it. */
  private static final Set<String> NO_VALUE =
      Set.of(LossyReason.ENCODING.code(), LossyReason.ROW_SIZE.code());

  private final BigQuery bigquery;
  private final VerifyOptions options;
  private final String salt;

  /**
   * @param salt of the sample; the run's id
   */
  public Verification(BigQuery bigquery, VerifyOptions options, String salt) {
    this.bigquery = bigquery;
    this.options = options;
    this.salt = salt;
  }

  /**
   * Compares one table.
   *
   * @param batch the last batch up to the fence
   * @param began when the reads began
   */
  public TableVerification compare(ReadTable table, long batch, Instant began) {
    String name = table.name().display();
    Comparisons.Read read = table.read(options, salt);
    if (options.sample() != null && read.key().isEmpty()) {
      return TableVerification.notComparable(
          name, "it has no key to take a sample of; verify it without --sample");
    }
    try {
      Comparison found =
          new Comparisons(bigquery, options.models(), Optional.empty())
              .compare(
                  read,
                  new AsOf(table.epoch(), batch, table.snapshot(), began.minus(UNSEEN)),
                  options.most());
      return found.impossible() != null
          ? TableVerification.notComparable(name, found.impossible())
          : of(table, read, found);
    } catch (ExportException e) {
      // Not its message: the service's may hold values.
      return TableVerification.notComparable(
          name, "BigQuery did not compare it [" + e.failure().code() + "]");
    }
  }

  private static TableVerification of(ReadTable table, Comparisons.Read read, Comparison found) {
    return new TableVerification(
        table.name().display(),
        found.isEqual() ? Outcome.EQUAL : Outcome.DIFFERENT,
        found.rows(),
        found.missing(),
        read.coverage().findsExtra() ? found.extra() : null,
        found.different(),
        found.duplicates(),
        found.columns(),
        found.keys().stream().map(key -> key(table, key)).toList(),
        found.sinceBatch(),
        found.view() ? read.raw().replaceFirst("^raw_", "latest_") : read.raw(),
        null);
  }

  private static TableVerification.Key key(ReadTable table, Comparison.Key key) {
    return new TableVerification.Key(
        table.isKeyOpen() ? values(key.key()) : null, key.kind(), key.batch(), key.row());
  }

  /** Null where a part of the key has no text that Postgres reads. */
  private static @Nullable Map<String, String> values(String json) {
    try {
      Map<String, String> values = new LinkedHashMap<>();
      JsonNode object = JSON.readTree(json);
      object
          .fields()
          .forEachRemaining(
              field ->
                  values.put(
                      field.getKey(),
                      field.getValue().isNull() ? null : field.getValue().asText()));
      String lost = values.remove(ChangelogQueries.LOST_KEY);
      if (lost != null && !lost.isEmpty()) {
        for (Map.Entry<String, JsonNode> part : JSON.readTree(lost).properties()) {
          if (!part.getValue().isNull()) {
            String[] reasonAndText = part.getValue().asText().split(":", 2);
            if (NO_VALUE.contains(reasonAndText[0])) {
              return null;
            }
            values.put(part.getKey(), reasonAndText[1]);
          }
        }
      }
      return values;
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a verification ends a command with; empty where everything is equal. */
  public static Optional<ExportException> failure(List<TableVerification> tables) {
    List<String> different = names(tables, Outcome.DIFFERENT);
    List<String> unknown = names(tables, Outcome.NOT_COMPARABLE);
    if (!different.isEmpty()) {
      return Optional.of(
          new ExportException(
              Failure.DATA_DIFFER,
              "The warehouse differs from the source in " + String.join(", ", different) + ".",
              "Run verify --repair to request what mends it, then export-bigquery."));
    }
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ExportException(
                Failure.NOT_COMPARABLE,
                "The warehouse could not be compared with the source in "
                    + String.join(", ", unknown)
                    + ".",
                "The report says why; verify the other tables by --table."));
  }

  private static List<String> names(List<TableVerification> tables, Outcome outcome) {
    return tables.stream()
        .filter(table -> table.outcome() == outcome)
        .map(TableVerification::table)
        .toList();
  }
}
