package io.gkp.demo;

import io.gkp.bigquery.DestinationConfig;
import io.gkp.connector.cli.text.TextTable;
import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.demo.terminal.Console;
import io.gkp.demo.workload.GkpTables;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;

/** One export into the demo's dataset, and its report in rows that a person reads. */
record ExportRun(RunReport report) {
  private static final RunReport.Table NOTHING =
      new RunReport.Table(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, List.of());

  /**
   * Runs the export as {@code export-bigquery} does.
   *
   * @throws ExportException when it did not reach its fence
   */
  static ExportRun start(String sourceUrl, DestinationConfig destination) {
    RunReport report =
        new Export(config(sourceUrl, destination), Clock.systemUTC(), Progress.SILENT).run();
    if (report.error() != null) {
      throw new ExportException(
          Failure.INTERNAL, report.error().message(), report.error().remedy());
    }
    return new ExportRun(report);
  }

  /** What every export of the demo is configured with. */
  static ExportConfig config(String sourceUrl, DestinationConfig destination) {
    SourceConfig source =
        SourceConfig.parse(
            sourceUrl,
            null,
            SourceConfig.DEFAULT_SLOT,
            GkpTables.PUBLICATION,
            GkpTables.NAMES.stream().map(TableName::parse).toList());
    return new ExportConfig(
        source, destination, BatchLimits.DEFAULT, ExportConfig.DEFAULT_MAX_DURATION);
  }

  TextTable table() {
    List<List<String>> rows = new ArrayList<>();
    for (String table : GkpTables.NAMES) {
      RunReport.Table counts = of(table);
      rows.add(
          List.of(
              table,
              Console.count(counts.snapshotRows()),
              Console.count(counts.inserts()),
              Console.count(counts.updates()),
              Console.count(counts.deletes()),
              Console.count(counts.rowsLoaded()),
              Console.count(counts.loadJobs().size())));
    }
    return new TextTable(
        List.of("table", "snapshot", "inserts", "updates", "deletes", "rows loaded", "load jobs"),
        rows);
  }

  /** The table's share; all zero where the run had nothing to do for it. */
  RunReport.Table of(String table) {
    return report.tables().getOrDefault(table, NOTHING);
  }
}
