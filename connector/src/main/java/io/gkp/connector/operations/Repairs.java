package io.gkp.connector.operations;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.source.snapshot.BackfillCheck;
import io.gkp.connector.source.snapshot.Condition;
import io.gkp.connector.verify.TableVerification;
import io.gkp.connector.verify.TableVerification.Outcome;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a verification needs to know before it begins, and asks for when it has found something. */
public final class Repairs {
  /** Rows that are asked for one by one; more are read sooner by a snapshot. */
  public static final int MOST_ROWS = 1_000;

  private final BothSides sides;
  private final Clock clock;

  public Repairs(BothSides sides, Clock clock) {
    this.sides = sides;
    this.clock = clock;
  }

  /**
   * What was asked for; the next run does it.
   *
   * @param kind {@code backfill} or {@code reset}
   * @param rows how many rows a backfill reads; null for a reset
   * @param why why it is this and not the other
   */
  public record Requested(String table, String kind, @Nullable Long rows, String why) {}

  /**
   * The captured tables that are meant.
   *
   * @throws ExportException where one is not captured, the condition is not valid, or nothing was
   *     exported yet
   */
  public List<TableName> check(List<String> tables, @Nullable Condition condition) {
    List<TableName> captured = tables.stream().map(sides::captured).toList();
    if (sides.ledger().last().isEmpty()) {
      throw new ExportException(
          Failure.CONFIGURATION,
          "The dataset has no ledger: nothing has been exported yet.",
          "Run export-bigquery first.");
    }
    if (condition != null) {
      BackfillCheck check = new BackfillCheck(sides.database(), sides.catalogue());
      captured.forEach(table -> check.estimate(table, condition));
    }
    return captured;
  }

  /**
   * Asks for what mends the tables that differ.
   *
   * @param reason for the history
   */
  public List<Requested> request(List<TableVerification> tables, String by, String reason) {
    return tables.stream()
        .filter(table -> table.outcome() == Outcome.DIFFERENT)
        .map(table -> request(table, by, reason))
        .toList();
  }

  private Requested request(TableVerification table, String by, String reason) {
    String why = whySnapshot(table);
    if (why != null) {
      new TableResets(sides, clock).request(List.of(table.table()), by, reason);
      return new Requested(table.table(), "reset", null, why);
    }
    Backfills backfills = new Backfills(sides.of(table.table()), clock);
    List<List<String>> keys =
        table.keys().stream().map(key -> List.copyOf(requireNonNull(key.key()).values())).toList();
    backfills.request(backfills.rows(table.table(), keys), by, reason);
    return new Requested(
        table.table(),
        "backfill",
        (long) keys.size(),
        "the rows that differ are known by their keys");
  }

  /** Why a backfill would not mend a table; null where it does. */
  private static @Nullable String whySnapshot(TableVerification table) {
    if (table.extra() != null && table.extra() > 0) {
      return "a backfill does not remove rows that the source no longer has";
    }
    if (table.duplicates() > 0) {
      return "a backfill does not remove duplicates from the changelog";
    }
    if (table.extra() != null && table.missing() > 0 && table.missing() == table.rows()) {
      return "the warehouse shows none of its rows, so its snapshot may be unknown there";
    }
    if (table.missing() + table.different() > table.keys().size()) {
      return table.keys().isEmpty()
          ? "the table has no key to read single rows by"
          : "more rows differ than are read one by one";
    }
    return table.keys().stream().anyMatch(key -> key.key() == null)
        ? "its keys may not be told, so single rows cannot be named"
        : null;
  }
}
