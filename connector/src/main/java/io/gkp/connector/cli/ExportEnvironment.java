package io.gkp.connector.cli;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.connector.bigquery.BigQueryClients;
import io.gkp.connector.config.DestinationConfig;
import io.gkp.connector.config.Settings;
import io.gkp.sql.cli.ModelsEnvironment;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Gives the models' commands the export's settings and its client. */
final class ExportEnvironment implements ModelsEnvironment {
  @Override
  public Function<String, Optional<String>> settings(Optional<Path> configFile) {
    Settings settings = read(configFile);
    settings.requireValid();
    return settings::find;
  }

  @Override
  public void requireEnabled(Optional<Path> configFile) {
    read(configFile).requireEnabled();
  }

  @Override
  public BigQuery connect(String project, Optional<String> location, Optional<String> host) {
    // The client knows projects, not datasets.
    return BigQueryClients.create(
        new DestinationConfig(project, "any", location.orElse(null), host.orElse(null)));
  }

  private static Settings read(Optional<Path> configFile) {
    return new Settings(Map.of(), System.getenv(), configFile.orElse(null));
  }
}
