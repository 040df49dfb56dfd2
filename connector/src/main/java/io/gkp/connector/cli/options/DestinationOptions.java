package io.gkp.connector.cli.options;

import io.gkp.connector.config.Setting;
import io.gkp.connector.config.Settings;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** Where the dataset is, and the file with everything else; the same for every command. */
public final class DestinationOptions {
  private static final Logger log = LoggerFactory.getLogger(DestinationOptions.class);

  @Option(
      names = "--project",
      paramLabel = "P",
      description = "Google Cloud project of the dataset, by its id. [GKP_PROJECT]")
  private @Nullable String project;

  @Option(
      names = "--dataset",
      paramLabel = "D",
      description = "The one dataset that the export writes to. [GKP_DATASET]")
  private @Nullable String dataset;

  @Option(
      names = "--location",
      paramLabel = "L",
      description = "Location of the dataset, such as EU. [GKP_LOCATION]")
  private @Nullable String location;

  @Option(
      names = "--bigquery-host",
      paramLabel = "URL",
      description =
          "Endpoint of a BigQuery emulator; no credentials are used then. [BIGQUERY_EMULATOR_HOST]")
  private @Nullable String bigqueryHost;

  @Option(
      names = "--network-timeout",
      paramLabel = "TIME",
      description =
          "How long Postgres or BigQuery may say nothing before the connection counts as lost; work"
              + " that Postgres is still doing is waited for. Default: 60s. [GKP_NETWORK_TIMEOUT]")
  private @Nullable String networkTimeout;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "File of key = value lines; keys are the flags without their dashes.")
  private @Nullable Path configFile;

  private boolean told;
  private Optional<String> emulator = Optional.empty();

  /**
   * Everything that was configured.
   *
   * @param more flags of the command's own, by setting
   */
  public Settings settings(Map<Setting, String> more) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.PROJECT, project);
    flags.put(Setting.DATASET, dataset);
    flags.put(Setting.LOCATION, location);
    flags.put(Setting.BIGQUERY_HOST, bigqueryHost);
    flags.put(Setting.NETWORK_TIMEOUT, networkTimeout);
    flags.putAll(more);
    return new Settings(flags, System.getenv(), configFile);
  }

  /**
   * Makes certain that anything may be connected to.
   *
   * @throws io.gkp.failure.ExportException {@code DISABLED}
   */
  public void requireEnabled(Settings settings) {
    settings.requireEnabled();
    if (!told) {
      emulator = settings.emulator();
      emulator.ifPresent(log::warn);
      told = true;
    }
  }

  /** What a report begins with where the environment, and nothing else, names an emulator. */
  Optional<String> emulator() {
    return emulator;
  }
}
