package io.gkp.sql.cli;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.Selection;
import io.gkp.sql.warehouse.ModelException;
import io.gkp.sql.warehouse.ModelException.Fault;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;
import picocli.CommandLine.Option;

/** The options that all commands on models share. */
final class ModelOptions {
  @Option(
      names = "--project",
      paramLabel = "P",
      description = "Google Cloud project of the datasets. [GKP_PROJECT]")
  private String project;

  @Option(
      names = "--dataset",
      paramLabel = "D",
      description = "Dataset that the export writes; models go there too. [GKP_DATASET]")
  private String dataset;

  @Option(
      names = "--curated-dataset",
      paramLabel = "D",
      description = "Dataset of the curated layer. Default: --dataset. [GKP_CURATED_DATASET]")
  private String curatedDataset;

  @Option(
      names = "--marts-dataset",
      paramLabel = "D",
      description = "Dataset of the marts. Default: that of the curated layer. [GKP_MARTS_DATASET]")
  private String martsDataset;

  @Option(
      names = "--location",
      paramLabel = "L",
      description = "Location of the datasets, such as EU. [GKP_LOCATION]")
  private String location;

  @Option(
      names = "--bigquery-host",
      paramLabel = "URL",
      description = "Endpoint of a BigQuery emulator. [BIGQUERY_EMULATOR_HOST]")
  private String host;

  @Option(
      names = "--select",
      paramLabel = "M,...",
      description = {
        "Models by name (* stands for any text) or layer (curated, marts). +M adds what M reads,",
        "M+ what reads M. Default: all."
      })
  private String select;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "File of key = value lines; keys are the flags without their dashes.")
  private Path configFile;

  @Option(
      names = "--output",
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text or json. Default: text.")
  private OutputFormat output;

  /** What goes to standard output. */
  enum OutputFormat {
    text,
    json
  }

  boolean json() {
    return output == OutputFormat.json;
  }

  Selection selection() {
    return Selection.parse(select);
  }

  /**
   * @throws ModelException where project or dataset are not given
   */
  Datasets datasets(ModelsEnvironment environment) {
    Function<String, Optional<String>> settings = settings(environment);
    String raw = required(dataset, "dataset", settings);
    String curated = value(curatedDataset, "curated-dataset", settings).orElse(raw);
    try {
      return new Datasets(
          required(project, "project", settings),
          raw,
          curated,
          value(martsDataset, "marts-dataset", settings).orElse(curated));
    } catch (IllegalArgumentException e) {
      throw new ModelException(Fault.CONFIGURATION, e.getMessage(), e);
    }
  }

  /** Like {@link #datasets}, with placeholders for what is not given. */
  Datasets datasetsOrPlaceholders(ModelsEnvironment environment) {
    Function<String, Optional<String>> settings = settings(environment);
    String raw = value(dataset, "dataset", settings).orElse("gkp");
    String curated = value(curatedDataset, "curated-dataset", settings).orElse(raw);
    return new Datasets(
        value(project, "project", settings).orElse("project"),
        raw,
        curated,
        value(martsDataset, "marts-dataset", settings).orElse(curated));
  }

  ModelConfig config(ModelsEnvironment environment) {
    ModelConfig defaults = ModelConfig.of(datasets(environment));
    return new ModelConfig(
        defaults.datasets(),
        value(location, "location", settings(environment)),
        defaults.fold(),
        defaults.rawRetention());
  }

  /** Connects, if that is allowed. */
  BigQuery connect(ModelsEnvironment environment) {
    environment.requireEnabled(Optional.ofNullable(configFile));
    Function<String, Optional<String>> settings = settings(environment);
    return environment.connect(
        required(project, "project", settings),
        value(location, "location", settings),
        value(host, "bigquery-host", settings));
  }

  private Function<String, Optional<String>> settings(ModelsEnvironment environment) {
    return environment.settings(Optional.ofNullable(configFile));
  }

  private static Optional<String> value(
      String flag, String key, Function<String, Optional<String>> settings) {
    return Optional.ofNullable(flag).or(() -> settings.apply(key)).filter(v -> !v.isBlank());
  }

  private static String required(
      String flag, String key, Function<String, Optional<String>> settings) {
    return value(flag, key, settings)
        .orElseThrow(() -> new ModelException(Fault.CONFIGURATION, "--" + key + " is missing."));
  }
}
