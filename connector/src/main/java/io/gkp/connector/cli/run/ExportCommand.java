package io.gkp.connector.cli.run;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.cli.log.Logs;
import io.gkp.connector.cli.models.ModelRefresh;
import io.gkp.connector.cli.models.ModelRunOptions;
import io.gkp.connector.cli.options.ConnectionOptions;
import io.gkp.connector.cli.options.OutputOption;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.Setting;
import io.gkp.connector.config.Units;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import io.gkp.connector.operations.BothSides;
import io.gkp.connector.operations.OffsetsInspection;
import io.gkp.connector.operations.OffsetsReport;
import io.gkp.connector.telemetry.Telemetry;
import io.gkp.connector.verify.VerifyOptions;
import io.gkp.failure.ExitCode;
import io.gkp.failure.ExportException;
import io.gkp.offsets.Shard;
import io.gkp.sql.run.ModelConfig;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code export-bigquery}: one catch-up run. */
@Command(
    name = "export-bigquery",
    mixinStandardHelpOptions = true,
    description = {
      "Brings everything committed in Postgres so far to BigQuery, and ends.",
      "The first run takes a snapshot of every table, each further one what changed since; both go to"
          + " tables raw_<table> in one dataset. Run it on a schedule. Whatever stops it, the next"
          + " run goes on where it was. Off unless GKP_EXPORT_ENABLED=true.",
      "",
      "Example:",
      "",
      "  GKP_EXPORT_ENABLED=true PGPASSWORD=secret \\",
      "    DATABASE_URL='postgresql://exporter@db/gkp?sslmode=verify-full&sslrootcert=ca.pem' \\",
      "    ./gkp_cli export-bigquery --project my-project --dataset gkp_history"
    },
    footer = {
      "",
      "Each flag can also be set in the environment (in brackets) or as key = value in the --config"
          + " file; a flag wins over the environment, the environment over the file. Without a flag:"
          + " GKP_BATCH_BYTES (64MiB) and GKP_BATCH_AGE (60s) limit a load job,"
          + " GKP_IN_FLIGHT_BYTES (64MiB) the memory for rows under way, GKP_LOG_FORMAT (text or"
          + " json; json where stderr is no terminal) the log.",
      "",
      "Exit codes: 0 drained to the fence; 3 stopped early, all so far committed; 65 --verify found"
          + " differences; 69 source or"
          + " destination unavailable; 75 another run holds the slot; 77 permission missing; 78"
          + " configuration. ./gkp_cli doctor says what is wrong; docs/operate/runbook.md explains the codes."
    })
public final class ExportCommand implements Callable<Integer> {
  private static final Logger log = LoggerFactory.getLogger(ExportCommand.class);

  @Spec private CommandSpec spec;

  @Mixin private ConnectionOptions connection;
  @Mixin private OutputOption output;

  @Option(
      names = "--max-duration",
      paramLabel = "TIME",
      description =
          "Stop at the first transaction end after this long, such as 90s, 50m or 2h; exit code 3."
              + " Default: 50m. [GKP_MAX_DURATION]")
  private @Nullable String maxDuration;

  @Option(
      names = "--compression",
      paramLabel = "gzip|none",
      description =
          "How rows travel to BigQuery. Default: gzip, which takes CPU and a quarter of the bytes."
              + " [GKP_COMPRESSION]")
  private @Nullable String compression;

  @Option(
      names = "--refresh-models",
      description =
          "Once drained, refresh the SQL models too; the export's outcome does not depend on them. Of"
              + " several shards the first does it."
              + " [GKP_REFRESH_MODELS]")
  private boolean refreshModels;

  @Option(
      names = "--no-views",
      description =
          "Leave the views over the raw tables (latest_*, history_*, curated_*) alone; otherwise a"
              + " run keeps them in step with the tables. [GKP_VIEWS=false]")
  private boolean noViews;

  @Option(
      names = "--verify",
      description =
          "Once drained, compare the warehouse with the source as verify does; exit code 65 where they"
              + " differ.")
  private boolean verify;

  @Mixin private ModelRunOptions modelOptions;

  @Override
  public Integer call() throws Exception {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.MAX_DURATION, maxDuration);
    flags.put(Setting.COMPRESSION, compression);
    flags.put(Setting.VIEWS, noViews ? "false" : null);
    flags.put(Setting.POLICY_TAGS, modelOptions.flags().get(Setting.POLICY_TAGS));
    ExportConfig config = connection.exportConfig(flags);
    refreshModels |= connection.find(Setting.REFRESH_MODELS).map(Units::truth).orElse(false);
    ModelConfig models = refreshModels ? connection.modelConfig(modelOptions.flags()) : null;
    PrintWriter err = spec.commandLine().getErr();
    Starter starter = Starter.of(System.getenv());
    Progress watched = starter.watching(progress(err));
    Optional<Telemetry> telemetry = Telemetry.of(System.getenv(), starter.runId(), watched);
    Progress progress = telemetry.map(Telemetry::progress).orElse(watched);
    VerifyOptions verifying =
        verify ? VerifyOptions.all(connection.modelConfig(Map.of()).datasets()) : null;
    Export export = new Export(config, Clock.systemUTC(), progress, verifying, starter.runId());
    connection
        .emulator()
        .ifPresent(told -> export.begunWith(Finding.warning("emulator", told, null)));
    Logs.label("run_id", export.runId());
    FinishedRun.labelShard(config.sharding());
    try (SignalStop signals = SignalStop.install(export::requestStop)) {
      RunReport report = export.run();
      print(report, export.cause());
      int exitCode = report.exitCode();
      if (models != null
          && report.status() == RunReport.Status.DRAINED
          && config.shard().equals(Shard.FIRST)) {
        progress.phase("refresh models");
        int refreshed = new ModelRefresh(config.destination(), models, err).run();
        exitCode = exitCode == ExitCode.OK ? refreshed : exitCode;
      }
      telemetry.ifPresent(told -> told.send(report, standing(config)));
      signals.exitCode(exitCode);
      return exitCode;
    }
  }

  /** Where the export stands now; empty where a side does not answer. */
  private static Optional<OffsetsReport> standing(ExportConfig config) {
    try (BothSides sides = BothSides.open(config)) {
      return Optional.of(new OffsetsInspection(sides, Clock.systemUTC()).report());
    } catch (ExportException e) {
      log.info("Lag and retained WAL are not told by OTLP: {}", e.sentence());
      return Optional.empty();
    }
  }

  private Progress progress(PrintWriter err) {
    if (Logs.isJson()) {
      return new LogProgress();
    }
    return output.isText() ? new TextProgress(err, Logs.isTerminal()) : Progress.SILENT;
  }

  private void print(RunReport report, @Nullable Throwable cause) {
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.print(out, report);
    } else {
      new TextReport(out).print(report);
    }
    out.flush();
    FinishedRun.complain(spec.commandLine().getErr(), report, cause);
  }
}
