package io.gkp.connector.cli.run;

import io.gkp.connector.verify.TableVerification;
import io.gkp.connector.verify.VerifyOptions;
import java.io.PrintWriter;
import java.util.List;

/** What a verification found, for people. */
final class VerifyText {
  private static final String ROW = "  %-24s %-15s %12s %10s %10s %10s  %s%n";

  private final PrintWriter out;

  VerifyText(PrintWriter out) {
    this.out = out;
  }

  void print(List<TableVerification> tables) {
    if (tables.isEmpty()) {
      return;
    }
    out.printf(
        ROW, "verified", "outcome", "rows", "missing", "extra", "different", "compared with");
    tables.forEach(this::print);
  }

  private void print(TableVerification table) {
    String outcome = table.outcome().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
    if (table.reason() != null) {
      out.printf("  %-24s %s: %s%n", table.table(), outcome, table.reason());
      return;
    }
    out.printf(
        ROW,
        table.table(),
        outcome,
        number(table.rows()),
        number(table.missing()),
        table.extra() == null ? "not asked" : number(table.extra()),
        number(table.different()),
        table.comparedWith());
    if (table.duplicates() > 0) {
      out.printf("    %s changelog row(s) stand there twice%n", number(table.duplicates()));
    }
    table
        .columns()
        .forEach(
            (column, rows) -> out.printf("    %s differs in %s row(s)%n", column, number(rows)));
    table.keys().stream().limit(VerifyOptions.SHOWN_KEYS).forEach(this::print);
    if (table.sinceBatch() != null) {
      out.printf(
          "    last changed in batch %d, as far as the changelog tells%n", table.sinceBatch());
    }
  }

  private void print(TableVerification.Key key) {
    out.printf(
        "    %s: %s%s%n",
        key.kind(),
        key.key() == null ? "row " + key.row() : key.key(),
        key.batch() == null ? "" : ", batch " + key.batch());
  }

  private static String number(long value) {
    return "%,d".formatted(value);
  }
}
