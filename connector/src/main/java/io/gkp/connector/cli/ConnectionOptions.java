package io.gkp.connector.cli;

import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.Setting;
import io.gkp.connector.config.Settings;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelSettings;
import io.gkp.sql.warehouse.ModelException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** Where source and destination are; the same for every command that needs them. */
public final class ConnectionOptions {
  private static final Logger log = LoggerFactory.getLogger(ConnectionOptions.class);

  @Option(
      names = "--project",
      paramLabel = "P",
      description = "Google Cloud project of the dataset, by its id. [GKP_PROJECT]")
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
        "postgresql://user:password@host:port/database?sslmode=verify-full&sslrootcert=FILE, or any"
            + " other connection string of libpq's. Other processes can read a flag: prefer the"
            + " environment for the password. [DATABASE_URL; the password also PGPASSWORD]"
      })
  private String sourceUrl;

  @Option(
      names = "--tables",
      paramLabel = "T,...",
      description =
          "Captured tables, as table or schema.table. Default: those of ingestion_runs, eval_runs and"
              + " query_logs that exist."
              + " [GKP_TABLES]")
  private String tables;

  @Option(
      names = "--exclude-columns",
      paramLabel = "C,...",
      description =
          "Columns whose values are not exported, as table.column or schema.table.column."
              + " [GKP_EXCLUDE_COLUMNS]")
  private String excludeColumns;

  @Option(
      names = "--hash-columns",
      paramLabel = "C,...",
      description =
          "Columns whose values are replaced by a keyed hash (HMAC-SHA-256) before they are written"
              + " anywhere. Needs a salt: [GKP_HASH_SALT] or --hash-salt-file. [GKP_HASH_COLUMNS]")
  private String hashColumns;

  @Option(
      names = "--hash-salt-file",
      paramLabel = "FILE",
      description = "File with the secret salt, at least 16 bytes. [GKP_HASH_SALT_FILE]")
  private String hashSaltFile;

  @Option(
      names = "--new-columns",
      paramLabel = "export|refuse|exclude",
      description =
          "What becomes of columns that captured tables get later: they are exported (default), the run"
              + " is refused until somebody decides, or their values are left out. [GKP_NEW_COLUMNS]")
  private String newColumns;

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
      names = "--backfill-role",
      paramLabel = "ROLE",
      description =
          "Role without REPLICATION that conditions of backfills are evaluated as. Default: the user's"
              + " own. [GKP_BACKFILL_ROLE]")
  private String backfillRole;

  @Option(
      names = "--location",
      paramLabel = "L",
      description = "Location of the dataset, such as EU. [GKP_LOCATION]")
  private String location;

  @Option(
      names = "--bigquery-host",
      paramLabel = "URL",
      description =
          "Endpoint of a BigQuery emulator; no credentials are used then. [BIGQUERY_EMULATOR_HOST]")
  private String bigqueryHost;

  @Option(
      names = "--network-timeout",
      paramLabel = "TIME",
      description =
          "How long Postgres or BigQuery may say nothing before the connection counts as lost; work"
              + " that Postgres is still doing is waited for. Default: 60s. [GKP_NETWORK_TIMEOUT]")
  private String networkTimeout;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "File of key = value lines; keys are the flags without their dashes.")
  private Path configFile;

  private boolean logged;
  private Optional<String> emulator = Optional.empty();

  /**
   * Everything that was configured, once it is certain that the export is enabled.
   *
   * @throws io.gkp.failure.ExportException {@code DISABLED}, or {@code CONFIGURATION} with every
   *     problem
   */
  public ExportConfig exportConfig() {
    return exportConfig(Map.of());
  }

  /**
   * @param more flags of the command's own
   */
  ExportConfig exportConfig(Map<Setting, String> more) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.PROJECT, project);
    flags.put(Setting.DATASET, dataset);
    flags.put(Setting.SOURCE_URL, sourceUrl);
    flags.put(Setting.TABLES, tables);
    flags.put(Setting.EXCLUDE_COLUMNS, excludeColumns);
    flags.put(Setting.HASH_COLUMNS, hashColumns);
    flags.put(Setting.HASH_SALT_FILE, hashSaltFile);
    flags.put(Setting.NEW_COLUMNS, newColumns);
    flags.put(Setting.SLOT, slot);
    flags.put(Setting.PUBLICATION, publication);
    flags.put(Setting.BACKFILL_ROLE, backfillRole);
    flags.put(Setting.LOCATION, location);
    flags.put(Setting.BIGQUERY_HOST, bigqueryHost);
    flags.put(Setting.NETWORK_TIMEOUT, networkTimeout);
    flags.putAll(more);
    Settings settings = new Settings(flags, System.getenv(), configFile);
    settings.requireEnabled();
    if (!logged) {
      emulator = settings.emulator();
      emulator.ifPresent(log::warn);
    }
    ExportConfig config = settings.exportConfig();
    if (!logged) {
      settings.warnings().forEach(log::warn);
      log.info("Configuration: {}", config.describe());
      logged = true;
    }
    return config;
  }

  /** A setting of the environment or the file by its key; empty where neither has it. */
  public Optional<String> find(Setting setting) {
    return new Settings(Map.of(), System.getenv(), configFile).find(setting.key());
  }

  /** What a report begins with where the environment, and nothing else, names an emulator. */
  Optional<String> emulator() {
    return emulator;
  }

  /**
   * How to run the SQL models: in one dataset unless others are configured for the upper layers.
   *
   * @param more flags of the command's own, by setting
   */
  public ModelConfig modelConfig(Map<String, String> more) {
    Map<String, String> flags = new HashMap<>(more);
    flags.put("project", project);
    flags.put("dataset", dataset);
    flags.put("location", location);
    Settings settings = new Settings(Map.of(), System.getenv(), configFile);
    try {
      return ModelSettings.read(
          key -> Optional.ofNullable(flags.get(key)).or(() -> settings.find(key)),
          settings.problems(),
          ModelCatalog.bundled().piiClasses());
    } catch (ModelException e) {
      throw new ExportException(
          Failure.CONFIGURATION, e.getMessage(), "See export-bigquery --help.", e);
    }
  }
}
