package io.gkp.connector.cli.run;

import io.gkp.connector.cli.log.Logs;
import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.Setting;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.Operator;
import io.gkp.connector.operations.Repairs;
import io.gkp.connector.source.snapshot.Condition;
import io.gkp.connector.verify.Sample;
import io.gkp.connector.verify.VerifyOptions;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.sql.render.Datasets;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code verify}: a catch-up run, and a comparison behind it. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Compares the warehouse with the source, row by row and column by column.",
      "A catch-up run like export-bigquery, which then reads the tables from Postgres into"
          + " verify_<table> (BigQuery deletes it after a day) and lets BigQuery compare that with"
          + " latest_<table>. Changes that are made meanwhile are told from differences. Reads the"
          + " whole tables unless --where or --sample is given.",
      "",
      "Examples:",
      "",
      "  ./gkp_cli verify --config gkp.properties",
      "  ./gkp_cli verify --table query_logs --sample 1%% --output json",
      "  ./gkp_cli verify --table query_logs --where \"status = 'failed'\" --repair"
    },
    footer = {
      "",
      "Exit codes: 0 equal; 65 rows differ, or a table could not be compared; others as of"
          + " export-bigquery."
    })
public final class VerifyCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @Option(
      names = "--table",
      paramLabel = "T",
      split = ",",
      description = "Captured tables to compare. Default: all.")
  private List<String> tables = List.of();

  @Option(
      names = "--where",
      paramLabel = "CONDITION",
      description =
          "Compare these rows only: one Postgres expression over the columns of one --table. Rows that"
              + " the source no longer has are not found then.")
  private @Nullable String where;

  @Option(
      names = "--sample",
      paramLabel = "SHARE",
      description = "Compare a part of the keys, such as 1%%; another one each time.")
  private @Nullable String sample;

  @Option(
      names = "--repair",
      description =
          "Request what mends the tables that differ: a backfill of the rows, or a reset where there"
              + " are more than 1,000, or rows that the source no longer has. The next run does it.")
  private boolean repair;

  @Option(
      names = "--max-duration",
      paramLabel = "TIME",
      description = "Stop after this long; exit code 3. Default: 50m. [GKP_MAX_DURATION]")
  private @Nullable String maxDuration;

  @Override
  public Integer call() {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.MAX_DURATION, maxDuration);
    ExportConfig config = connection.exportConfig(flags);
    VerifyOptions options = options(config, connection.modelConfig(Map.of()).datasets());
    Progress progress = progress();
    Export export = new Export(config, Clock.systemUTC(), progress, options);
    Logs.label("run_id", export.runId());
    FinishedRun.labelShard(config.sharding());
    try (SignalStop signals = SignalStop.install(export::requestStop)) {
      RunReport report = export.run();
      List<Repairs.Requested> requests = repair ? repair(config, report) : List.of();
      print(report, requests);
      FinishedRun.complain(spec.commandLine().getErr(), report, export.cause());
      signals.exitCode(report.exitCode());
      return report.exitCode();
    }
  }

  private VerifyOptions options(ExportConfig config, Datasets models) {
    if (where != null && (tables.size() != 1 || sample != null)) {
      throw new ExportException(
          Failure.USAGE,
          "--where needs one --table, and no --sample.",
          "Verify one table at a time by a condition.");
    }
    Condition condition = where == null ? null : new Condition(where);
    Sample part = sample == null ? null : Sample.parse(sample);
    try (BothSides sides = BothSides.open(config)) {
      List<TableName> captured = new Repairs(sides, Clock.systemUTC()).check(tables, condition);
      return new VerifyOptions(
          captured, condition, part, repair ? Repairs.MOST_ROWS : VerifyOptions.SHOWN_KEYS, models);
    }
  }

  private List<Repairs.Requested> repair(ExportConfig config, RunReport report) {
    try (BothSides sides = BothSides.open(config)) {
      return new Repairs(sides, Clock.systemUTC())
          .request(report.verification(), Operator.name(), "verify " + report.runId());
    }
  }

  private Progress progress() {
    if (Logs.isJson()) {
      return new LogProgress();
    }
    return output.isText()
        ? new TextProgress(spec.commandLine().getErr(), Logs.isTerminal())
        : Progress.SILENT;
  }

  private void print(RunReport report, List<Repairs.Requested> requests) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.print(out, VerifyReport.of(report, requests));
      return;
    }
    out.printf("%nRun %s (%.1f s).%n", report.runId(), report.durationMs() / 1000.0);
    new VerifyText(out).print(report.verification());
    for (Repairs.Requested request : requests) {
      out.printf(
          "  requested: %s of %s%s, because %s; the next run does it%n",
          request.kind(),
          request.table(),
          request.rows() == null ? "" : " (%,d rows)".formatted(request.rows()),
          request.why());
    }
    out.flush();
  }
}
