package io.gkp.connector.cli.run;

import io.gkp.connector.cli.log.Logs;
import io.gkp.connector.cli.text.Counts;
import io.gkp.connector.cli.text.Sizes;
import io.gkp.connector.export.RunReport;
import io.gkp.sql.run.ModelResult;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A run's report for people. */
final class TextReport {
  private static final String ROW = "  %-24s %10s %10s %10s %10s %10s %10s %6s%n";

  private final PrintWriter out;

  TextReport(PrintWriter out) {
    this.out = out;
  }

  void print(RunReport report) {
    String outcome =
        switch (report.status()) {
          case DRAINED -> "complete: everything that was committed before it began is there";
          case STOPPED_EARLY -> "stopped early; everything loaded is committed";
          case FAILED -> "failed; what was committed before stays";
        };
    out.println();
    report.warnings().forEach(warning -> out.println("warning: " + warning.sentence()));
    out.printf("Run %s: %s (%.1f s).%n", report.runId(), outcome, report.durationMs() / 1000.0);
    if (!report.tables().isEmpty()) {
      out.printf(
          ROW, "table", "snapshot", "inserts", "updates", "deletes", "rows", "bytes", "jobs");
      for (Map.Entry<String, RunReport.Table> entry : report.tables().entrySet()) {
        RunReport.Table table = entry.getValue();
        out.printf(
            ROW,
            entry.getKey(),
            number(table.snapshotRows()),
            number(table.inserts()),
            number(table.updates()),
            number(table.deletes()),
            number(table.rowsLoaded()),
            Sizes.text(table.bytesLoaded()),
            number(table.loadJobs().size()));
        if (table.truncates() > 0) {
          out.printf("    truncated %s%n", Counts.of(table.truncates(), "time"));
        }
        if (table.lossyValues() > 0) {
          out.printf(
              "    %s that BigQuery cannot hold, kept as text in _cdc_lossy%n",
              Counts.of(table.lossyValues(), "value"));
        }
      }
    }
    report.schemaChanges().forEach(change -> out.println("  " + change));
    views(report.views());
    new VerifyText(out).print(report.verification());
    if (Logs.isVerbose()) {
      out.println("  fence " + report.fenceLsn() + ", checkpoint " + report.checkpointLsn());
    }
  }

  private void views(List<ModelResult> views) {
    String done =
        views.stream()
            .filter(view -> view.outcome() == ModelResult.Outcome.DONE)
            .map(ModelResult::model)
            .collect(Collectors.joining(", "));
    if (!done.isEmpty()) {
      out.println("  views in step with the raw tables again: " + done);
    }
    views.stream()
        .filter(view -> view.outcome() == ModelResult.Outcome.SKIPPED)
        .forEach(view -> out.println("  no " + view.model() + ": " + view.message()));
  }

  private static String number(long value) {
    return "%,d".formatted(value);
  }
}
