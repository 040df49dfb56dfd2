package io.gkp.connector.cli;

import io.gkp.connector.export.RunReport;
import java.io.PrintWriter;
import java.util.Map;

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
          case DRAINED -> "caught up with everything committed before the run began";
          case STOPPED_EARLY -> "stopped early; everything loaded is committed";
          case FAILED -> "failed; what was committed before stays";
        };
    out.printf("%nRun %s: %s (%.1f s).%n", report.runId(), outcome, report.durationMs() / 1000.0);
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
          out.printf("    truncated %s time(s)%n", number(table.truncates()));
        }
        if (table.lossyValues() > 0) {
          out.printf(
              "    %s value(s) that BigQuery cannot hold are in _cdc_lossy as text%n",
              number(table.lossyValues()));
        }
      }
    }
    report.schemaChanges().forEach(change -> out.println("  " + change));
    report.warnings().forEach(warning -> out.println("  warning: " + warning.sentence()));
    if (report.fenceLsn() != null) {
      out.println("  fence " + report.fenceLsn() + ", checkpoint " + report.checkpointLsn());
    } else if (report.checkpointLsn() != null) {
      out.println("  checkpoint " + report.checkpointLsn());
    }
  }

  private static String number(long value) {
    return "%,d".formatted(value);
  }
}
