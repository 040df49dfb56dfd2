package io.gkp.demo;

import io.gkp.demo.question.Comparison;
import io.gkp.demo.question.Questions;
import io.gkp.demo.terminal.Console;
import io.gkp.demo.workload.Change;
import io.gkp.demo.workload.GkpTables;
import java.util.List;
import java.util.function.ToLongFunction;

/** Turns what was counted on both sides into claims that hold or do not. */
final class Proof {
  private final DemoResult result;

  Proof(DemoResult result) {
    this.result = result;
  }

  void check(List<Comparison> comparisons) {
    result.check(
        "Both exports caught up",
        result.exports().stream().allMatch(run -> run.report().caughtUp()));
    for (String table : GkpTables.NAMES) {
      changes(table);
    }
    result.check("Every SQL model was built, and no check failed", result.models().succeeded());
    comparisons.forEach(this::rows);
  }

  private void changes(String table) {
    long inserts = made(table, Change::inserts);
    long updates = made(table, Change::updates);
    long deletes = made(table, Change::deletes);
    boolean exactlyOnce =
        recorded(table, "c") == inserts
            && recorded(table, "u") == updates
            && recorded(table, "d") == deletes;
    result.check(
        "%s: %s changes made in Postgres, %s in the changelog, each exactly once"
            .formatted(
                table,
                Console.count(inserts + updates + deletes),
                Console.count(recorded(table, "c") + recorded(table, "u") + recorded(table, "d"))),
        exactlyOnce);
  }

  private void rows(Comparison comparison) {
    result.check(
        "%s: %s rows, %s values in latest_%s, %s"
            .formatted(
                comparison.table(),
                Console.count(comparison.rows()),
                Console.count(comparison.values()),
                comparison.table(),
                comparison.equal()
                    ? "all as in Postgres"
                    : Console.count(comparison.differences()) + " differ from Postgres"),
        comparison.equal());
  }

  private long made(String table, ToLongFunction<Change> what) {
    return result.changes().stream()
        .filter(change -> change.table().equals(table))
        .mapToLong(what)
        .sum();
  }

  /** Rows of an operation in the raw changelog, from the answer to {@link Questions#OPERATIONS}. */
  private long recorded(String table, String operation) {
    return result.answers().stream()
        .filter(answer -> answer.question().equals(Questions.OPERATIONS))
        .flatMap(answer -> answer.rows().stream())
        .filter(row -> row.get(0).equals(table) && row.get(1).equals(operation))
        .mapToLong(row -> Long.parseLong(row.get(2)))
        .sum();
  }
}
