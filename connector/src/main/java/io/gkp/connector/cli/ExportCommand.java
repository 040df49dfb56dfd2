package io.gkp.connector.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.Setting;
import io.gkp.connector.config.Settings;
import io.gkp.connector.export.Export;
import io.gkp.connector.export.Progress;
import io.gkp.connector.export.RunReport;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code export-bigquery}: one catch-up run. */
@Command(
    name = "export-bigquery",
    mixinStandardHelpOptions = true,
    description = {
      "Brings everything committed in Postgres so far into the raw tables of one dataset, and ends.",
      "The first run takes a snapshot. Off unless GKP_EXPORT_ENABLED=true."
    },
    footer = {
      "",
      "Each flag can also be set in the environment (in brackets) or in the --config file, in this",
      "order. Example:",
      "",
      "  GKP_EXPORT_ENABLED=true DATABASE_URL=postgresql://exporter:secret@db:5432/gkp \\",
      "    ./gkp_cli export-bigquery --project my-project --dataset gkp_history"
    })
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = "--project",
      paramLabel = "P",
      description = "Google Cloud project of the dataset. [GKP_PROJECT]")
  private String project;

  @Option(
      names = "--dataset",
      paramLabel = "D",
      description = "The one dataset that is written to. [GKP_DATASET]")
  private String dataset;

  @Option(
      names = "--source-url",
      paramLabel = "URL",
      description = {
        "postgresql://user:password@host:port/database; ?sslmode=verify-full and other driver options"
            + " may follow. Other processes can read a flag: prefer the environment for the password."
            + " [DATABASE_URL; the password also PGPASSWORD]"
      })
  private String sourceUrl;

  @Option(
      names = "--tables",
      paramLabel = "T,...",
      description =
          "Captured tables, as table or schema.table. Default: query_logs, ingestion_runs, eval_runs."
              + " [GKP_TABLES]")
  private String tables;

  @Option(
      names = "--slot",
      paramLabel = "NAME",
      description = "Replication slot; created by the first run. Default: gkp_export. [GKP_SLOT]")
  private String slot;

  @Option(
      names = "--publication",
      paramLabel = "NAME",
      description =
          "Publication with the captured tables; created where the role may."
              + " Default: gkp_export. [GKP_PUBLICATION]")
  private String publication;

  @Option(
      names = "--location",
      paramLabel = "L",
      description = "Location of the dataset, such as EU. [GKP_LOCATION]")
  private String location;

  @Option(
      names = "--max-duration",
      paramLabel = "TIME",
      description =
          "Stop at the first transaction end after this long, such as 90s, 50m or 2h; exit code 3."
              + " Default: 50m. [GKP_MAX_DURATION]")
  private String maxDuration;

  @Option(
      names = "--bigquery-host",
      paramLabel = "URL",
      description =
          "Endpoint of a BigQuery emulator; no credentials are used then. [BIGQUERY_EMULATOR_HOST]")
  private String bigqueryHost;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "File of key = value lines; keys are the flags without their dashes.")
  private Path configFile;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "What to print at the end: text or json. Default: text.")
  private OutputFormat output;

  @Override
  public Integer call() throws Exception {
    Settings settings = new Settings(flags(), System.getenv(), configFile);
    settings.requireEnabled();
    ExportConfig config = settings.exportConfig();
    PrintWriter err = spec.commandLine().getErr();
    Progress progress = output == OutputFormat.text ? new TextProgress(err) : Progress.SILENT;
    Export export = new Export(config, Clock.systemUTC(), progress);
    try (SignalStop signals = SignalStop.install(export::requestStop)) {
      RunReport report = export.run();
      print(report);
      signals.exitCode(report.exitCode());
      return report.exitCode();
    }
  }

  private void print(RunReport report) throws JsonProcessingException {
    PrintWriter out = spec.commandLine().getOut();
    if (output == OutputFormat.json) {
      out.println(new ObjectMapper().writeValueAsString(report));
    } else {
      new TextReport(out).print(report);
    }
    out.flush();
    if (report.error() != null) {
      spec.commandLine()
          .getErr()
          .println(
              "gkp_cli: "
                  + report.error().message()
                  + " "
                  + report.error().remedy()
                  + " ["
                  + report.error().code()
                  + "]");
      spec.commandLine().getErr().flush();
    }
  }

  private Map<Setting, String> flags() {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.PROJECT, project);
    flags.put(Setting.DATASET, dataset);
    flags.put(Setting.SOURCE_URL, sourceUrl);
    flags.put(Setting.TABLES, tables);
    flags.put(Setting.SLOT, slot);
    flags.put(Setting.PUBLICATION, publication);
    flags.put(Setting.LOCATION, location);
    flags.put(Setting.MAX_DURATION, maxDuration);
    flags.put(Setting.BIGQUERY_HOST, bigqueryHost);
    return flags;
  }
}
