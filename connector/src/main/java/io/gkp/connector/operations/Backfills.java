package io.gkp.connector.operations;

import io.gkp.connector.config.Suggestion;
import io.gkp.connector.source.snapshot.BackfillCheck;
import io.gkp.connector.source.snapshot.Condition;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Request;
import io.gkp.offsets.RequestIds;
import java.sql.SQLException;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Asks for single rows to be read again. Everything is checked before anything is recorded. */
public final class Backfills {
  private final BothSides sides;
  private final Clock clock;

  public Backfills(BothSides sides, Clock clock) {
    this.sides = sides;
    this.clock = clock;
  }

  /**
   * A backfill that could be carried out now.
   *
   * @param condition GoogleSQL has no part in it: Postgres evaluates it
   * @param estimatedRows the planner's
   * @param seconds by the rate of the last snapshot, beside what finding the rows takes; null where
   *     there was none
   */
  public record Plan(String table, String condition, long estimatedRows, @Nullable Long seconds) {}

  /**
   * What was recorded.
   *
   * @param run session of a run that is going, null where there is none
   */
  public record Queued(String requestId, String table, String condition, @Nullable String run) {}

  /** A condition as the operator gives it. */
  public Plan where(String table, String condition) {
    TableName name = sides.captured(table);
    keyOf(layout(name));
    return plan(name, condition);
  }

  /**
   * Rows from a value on.
   *
   * @param since {@code COLUMN=VALUE}
   */
  public Plan since(String table, String since) {
    TableName name = sides.captured(table);
    SourceTable layout = layout(name);
    keyOf(layout);
    int equals = since.indexOf('=');
    if (equals < 1) {
      throw new ExportException(
          Failure.USAGE,
          "--since: expected COLUMN=VALUE; nothing was recorded.",
          "Example: --since created_at=1764547200.");
    }
    String column = since.substring(0, equals).strip();
    List<String> columns = layout.columns().stream().map(SourceColumn::name).toList();
    if (!columns.contains(column)) {
      throw new ExportException(
          Failure.USAGE,
          "Table " + name + " has no column " + column + "; nothing was recorded.",
          Suggestion.among(columns, column)
              .map(s -> "Did you mean " + s + "?")
              .orElse("Its columns are " + String.join(", ", columns) + "."));
    }
    return plan(
        name, TableName.quote(column) + " >= " + Condition.literal(since.substring(equals + 1)));
  }

  /** The rows with the given keys; for tables whose key is one column. */
  public Plan keys(String table, List<String> keys) {
    TableName name = sides.captured(table);
    List<SourceColumn> key = keyOf(layout(name));
    if (key.size() != 1) {
      throw new ExportException(
          Failure.USAGE,
          "The key of table %s has %s columns (%s); nothing was recorded."
              .formatted(
                  name,
                  key.size(),
                  key.stream().map(SourceColumn::name).collect(Collectors.joining(", "))),
          "Use --where.");
    }
    return plan(
        name,
        TableName.quote(key.get(0).name())
            + " IN ("
            + keys.stream().map(Condition::literal).collect(Collectors.joining(", "))
            + ")");
  }

  /**
   * Rows by their whole keys.
   *
   * @param keys for each row the text of its key's columns, in the key's order
   */
  public Plan rows(String table, List<List<String>> keys) {
    TableName name = sides.captured(table);
    List<String> columns =
        keyOf(layout(name)).stream()
            .sorted(Comparator.comparingInt(SourceColumn::keyPosition))
            .map(column -> TableName.quote(column.name()))
            .toList();
    return plan(
        name,
        keys.stream()
            .map(key -> tuple(key.stream().map(Condition::literal).toList()))
            .collect(Collectors.joining(", ", tuple(columns) + " IN (", ")")));
  }

  private static String tuple(List<String> parts) {
    return parts.stream().collect(Collectors.joining(", ", "(", ")"));
  }

  /** Records the request; returns when that is durable. */
  public Queued request(Plan plan, String by, @Nullable String reason) {
    Request request =
        Request.of(
            RequestIds.create(Request.Kind.BACKFILL, clock),
            Request.Kind.BACKFILL,
            plan.table(),
            plan.condition(),
            clock.instant(),
            by,
            reason);
    sides.requests().record(request);
    try {
      return new Queued(
          request.id(), plan.table(), plan.condition(), sides.slot().lockHolder().orElse(null));
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }

  private Plan plan(TableName table, String text) {
    Condition condition = new Condition(text);
    long estimate =
        new BackfillCheck(sides.database(), sides.catalogue()).estimate(table, condition);
    requireEpoch(table);
    return new Plan(
        table.display(), text, estimate, SnapshotRate.seconds(sides.epochs(), table, estimate));
  }

  private void requireEpoch(TableName table) {
    Epoch epoch = sides.epochs().newestBegun().get(table.display());
    if (epoch == null) {
      throw new ExportException(
          Failure.CONFIGURATION,
          "Table " + table + " has no snapshot yet; nothing was recorded.",
          "Run export-bigquery: the first run reads all of it.");
    }
  }

  private SourceTable layout(TableName table) {
    SourceTable layout = sides.catalogue().table(table);
    if (layout.columns().isEmpty()) {
      throw new ExportException(
          Failure.TABLE_MISSING,
          "Table %s is not in database %s, or not in publication %s; nothing was recorded."
              .formatted(
                  table, sides.config().source().database(), sides.config().source().publication()),
          "Run doctor for what is missing.");
    }
    return layout;
  }

  private static List<SourceColumn> keyOf(SourceTable layout) {
    if (!layout.hasKey()) {
      throw new ExportException(
          Failure.CONFIGURATION,
          "Table "
              + layout.name()
              + " has no primary key, so rows that are read again could not take the place of older"
              + " ones; nothing was recorded.",
          "Run offsets reset --table to read all of it, or give it a primary key.");
    }
    return layout.columns().stream().filter(SourceColumn::isKey).toList();
  }
}
