package io.gkp.connector.cli.options;

import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.Setting;
import io.gkp.connector.config.Settings;
import io.gkp.failure.Failure;
import io.gkp.sql.run.ModelConfig;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Where source and destination are; the same for every command that needs them. */
public final class ConnectionOptions {
  private static final Logger log = LoggerFactory.getLogger(ConnectionOptions.class);

  @Mixin private DestinationOptions destination;

  @Option(
      names = "--source-url",
      paramLabel = "URL",
      description = {
        "postgresql://user:password@host:port/database?sslmode=verify-full&sslrootcert=FILE, or any"
            + " other connection string of libpq's. Other processes can read a flag: prefer the"
            + " environment for the password. [DATABASE_URL; the password also PGPASSWORD]"
      })
  private @Nullable String sourceUrl;

  @Option(
      names = "--tables",
      paramLabel = "T,...",
      description =
          "Captured tables, as table or schema.table. Default: those of ingestion_runs, eval_runs and"
              + " query_logs that exist."
              + " [GKP_TABLES]")
  private @Nullable String tables;

  @Option(
      names = "--exclude-columns",
      paramLabel = "C,...",
      description =
          "Columns whose values are not exported, as table.column or schema.table.column."
              + " [GKP_EXCLUDE_COLUMNS]")
  private @Nullable String excludeColumns;

  @Option(
      names = "--hash-columns",
      paramLabel = "C,...",
      description =
          "Columns whose values are replaced by a keyed hash (HMAC-SHA-256) before they are written"
              + " anywhere. Needs a salt: [GKP_HASH_SALT] or --hash-salt-file. [GKP_HASH_COLUMNS]")
  private @Nullable String hashColumns;

  @Option(
      names = "--hash-salt-file",
      paramLabel = "FILE",
      description = "File with the secret salt, at least 16 bytes. [GKP_HASH_SALT_FILE]")
  private @Nullable String hashSaltFile;

  @Option(
      names = "--new-columns",
      paramLabel = "export|refuse|exclude",
      description =
          "What becomes of columns that captured tables get later: they are exported (default), the run"
              + " is refused until somebody decides, or their values are left out. [GKP_NEW_COLUMNS]")
  private @Nullable String newColumns;

  @Option(
      names = "--slot",
      paramLabel = "NAME",
      description = "Replication slot; created by the first run. Default: gkp_export. [GKP_SLOT]")
  private @Nullable String slot;

  @Option(
      names = "--publication",
      paramLabel = "NAME",
      description =
          "Publication with the captured tables; created where the role may."
              + " Default: gkp_export. [GKP_PUBLICATION]")
  private @Nullable String publication;

  @Option(
      names = "--shard",
      paramLabel = "I/N",
      description =
          "Which of N shards this is, such as 2/3: each exports a part of the tables with a slot of its"
              + " own. Default: the task's, where Cloud Run or Kubernetes runs several; otherwise no"
              + " shards. [GKP_SHARD]")
  private @Nullable String shard;

  @Option(
      names = "--backfill-role",
      paramLabel = "ROLE",
      description =
          "Role without REPLICATION that conditions of backfills are evaluated as. Default: the user's"
              + " own. [GKP_BACKFILL_ROLE]")
  private @Nullable String backfillRole;

  private boolean logged;

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
  public ExportConfig exportConfig(Map<Setting, String> more) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.SOURCE_URL, sourceUrl);
    flags.put(Setting.TABLES, tables);
    flags.put(Setting.EXCLUDE_COLUMNS, excludeColumns);
    flags.put(Setting.HASH_COLUMNS, hashColumns);
    flags.put(Setting.HASH_SALT_FILE, hashSaltFile);
    flags.put(Setting.NEW_COLUMNS, newColumns);
    flags.put(Setting.SLOT, slot);
    flags.put(Setting.PUBLICATION, publication);
    flags.put(Setting.SHARD, shard);
    flags.put(Setting.BACKFILL_ROLE, backfillRole);
    flags.putAll(more);
    Settings settings = destination.settings(flags);
    destination.requireEnabled(settings);
    ExportConfig config = settings.exportConfig();
    if (!logged) {
      settings.warnings().forEach(log::warn);
      log.info("Configuration: {}", config.describe());
      logged = true;
    }
    return config;
  }

  /** A setting of the command line, the environment or the file; empty where none has it. */
  public Optional<String> find(Setting setting) {
    return destination.settings(Map.of()).find(setting);
  }

  /** What a report begins with where the environment, and nothing else, names an emulator. */
  public Optional<String> emulator() {
    return destination.emulator();
  }

  /**
   * How to run the SQL models: in one dataset unless others are configured for the upper layers.
   *
   * @param more flags of the command's own
   */
  public ModelConfig modelConfig(Map<Setting, String> more) {
    return destination.settings(more).modelConfig(Failure.CONFIGURATION);
  }
}
