package io.gkp.connector.cli;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.connector.config.Setting;
import io.gkp.connector.config.Settings;
import io.gkp.sql.cli.ModelsEnvironment;
import io.gkp.sql.warehouse.ModelException;
import io.gkp.sql.warehouse.ModelException.Fault;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives the models' commands the export's settings and its client. */
final class ExportEnvironment implements ModelsEnvironment {
  private static final Logger log = LoggerFactory.getLogger(ExportEnvironment.class);

  @Override
  public Function<String, Optional<String>> settings(Optional<Path> configFile) {
    return read(configFile)::find;
  }

  @Override
  public List<String> problems(Optional<Path> configFile) {
    return read(configFile).problems();
  }

  @Override
  public void requireEnabled(Optional<Path> configFile) {
    read(configFile).requireEnabled();
  }

  @Override
  public BigQuery connect(String project, Optional<String> location, Optional<String> host) {
    host.filter(h -> h.equals(System.getenv(Setting.BIGQUERY_HOST.variable())))
        .ifPresent(h -> log.warn("This goes to the emulator of BIGQUERY_EMULATOR_HOST"));
    try {
      // The client knows projects, not datasets.
      return BigQueryClients.create(
          new DestinationConfig(project, "any", location.orElse(null), host.orElse(null)));
    } catch (IllegalArgumentException e) {
      throw new ModelException(Fault.CONFIGURATION, "--bigquery-host: " + e.getMessage(), e);
    }
  }

  @Override
  public void complain(PrintWriter err, String message, Fault fault) {
    Complaint.print(err, message, fault.code(), null, null);
  }

  private static Settings read(Optional<Path> configFile) {
    return new Settings(Map.of(), System.getenv(), configFile.orElse(null));
  }
}
