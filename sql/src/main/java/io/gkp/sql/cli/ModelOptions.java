package io.gkp.sql.cli;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelSettings;
import io.gkp.sql.run.Selection;
import io.gkp.sql.warehouse.ModelException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  Datasets datasets(ModelsEnvironment environment) {
    return config(environment).datasets();
  }

  /** Like {@link #datasets}, with placeholders for what is not given. */
  Datasets datasetsOrPlaceholders(ModelsEnvironment environment) {
    Map<String, String> placeholders = Map.of("project", "project", "dataset", "gkp");
    Function<String, Optional<String>> given = values(environment, Map.of());
    return ModelSettings.read(
            key -> given.apply(key).or(() -> Optional.ofNullable(placeholders.get(key))),
            problems(environment),
            ModelCatalog.bundled().piiClasses())
        .datasets();
  }

  ModelConfig config(ModelsEnvironment environment) {
    return config(environment, Map.of());
  }

  /**
   * @param more flags of the command's own, by setting
   * @throws ModelException {@code CONFIGURATION}, naming every problem
   */
  ModelConfig config(ModelsEnvironment environment, Map<String, String> more) {
    return ModelSettings.read(
        values(environment, more), problems(environment), ModelCatalog.bundled().piiClasses());
  }

  /** Connects, if that is allowed. */
  BigQuery connect(ModelsEnvironment environment) {
    environment.requireEnabled(Optional.ofNullable(configFile));
    ModelConfig config = config(environment);
    return environment.connect(
        config.datasets().project(),
        config.location(),
        values(environment, Map.of()).apply("bigquery-host"));
  }

  private List<String> problems(ModelsEnvironment environment) {
    return environment.problems(Optional.ofNullable(configFile));
  }

  private Function<String, Optional<String>> values(
      ModelsEnvironment environment, Map<String, String> more) {
    Map<String, String> flags = new HashMap<>(more);
    flags.put("project", project);
    flags.put("dataset", dataset);
    flags.put("curated-dataset", curatedDataset);
    flags.put("marts-dataset", martsDataset);
    flags.put("location", location);
    flags.put("bigquery-host", host);
    Function<String, Optional<String>> settings =
        environment.settings(Optional.ofNullable(configFile));
    return key -> Optional.ofNullable(flags.get(key)).or(() -> settings.apply(key));
  }
}
