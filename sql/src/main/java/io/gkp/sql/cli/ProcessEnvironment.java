package io.gkp.sql.cli;

import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import io.gkp.sql.warehouse.ModelException;
import io.gkp.sql.warehouse.ModelException.Fault;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Environment variables alone; for using the models without the export. */
public final class ProcessEnvironment implements ModelsEnvironment {
  private static final Map<String, String> VARIABLES =
      Map.of("bigquery-host", "BIGQUERY_EMULATOR_HOST");

  private final Map<String, String> variables;

  public ProcessEnvironment(Map<String, String> variables) {
    this.variables = Map.copyOf(variables);
  }

  /** {@code GKP_} and the flag's name, e.g. {@code GKP_CURATED_DATASET}. */
  @Override
  public Function<String, Optional<String>> settings(Optional<Path> configFile) {
    return key ->
        Optional.ofNullable(
            variables.get(
                VARIABLES.getOrDefault(
                    key, "GKP_" + key.replace('-', '_').toUpperCase(Locale.ROOT))));
  }

  @Override
  public void requireEnabled(Optional<Path> configFile) {
    if (!"true".equals(variables.get("GKP_EXPORT_ENABLED"))) {
      throw new ModelException(
          Fault.CONFIGURATION, "Disabled. Set GKP_EXPORT_ENABLED=true to let it connect.");
    }
  }

  @Override
  public BigQuery connect(String project, Optional<String> location, Optional<String> host) {
    BigQueryOptions.Builder options = BigQueryOptions.newBuilder().setProjectId(project);
    location.ifPresent(options::setLocation);
    host.ifPresent(h -> options.setHost(h).setCredentials(NoCredentials.getInstance()));
    return options.build().getService();
  }
}
