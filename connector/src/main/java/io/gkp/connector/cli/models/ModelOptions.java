package io.gkp.connector.cli.models;

import com.google.cloud.bigquery.BigQuery;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.connector.cli.options.DestinationOptions;
import io.gkp.connector.config.Setting;
import io.gkp.connector.config.Settings;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.sql.model.ModelCatalog;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelSource;
import io.gkp.sql.run.Selection;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The options that all commands on models share. */
final class ModelOptions {
  @Mixin private DestinationOptions destination;

  @Option(
      names = "--curated-dataset",
      paramLabel = "D",
      description = "Dataset of the curated layer. Default: --dataset. [GKP_CURATED_DATASET]")
  private @Nullable String curatedDataset;

  @Option(
      names = "--marts-dataset",
      paramLabel = "D",
      description = "Dataset of the marts. Default: that of the curated layer. [GKP_MARTS_DATASET]")
  private @Nullable String martsDataset;

  @Option(
      names = "--select",
      paramLabel = "M,...",
      description = {
        "Models by name (* stands for any text) or layer (curated, marts). +M adds what M reads,",
        "M+ what reads M. Default: all."
      })
  private @Nullable String select;

  /** How to run the models, and where. */
  record Warehouse(BigQuery client, ModelConfig config) {}

  /**
   * Connects, if that is allowed.
   *
   * @param more flags of the command's own
   * @throws ExportException {@code MODELS_CONFIGURATION}, naming every problem
   */
  Warehouse connect(Map<Setting, String> more) {
    Settings settings = destination.settings(flags(more));
    ModelConfig config = settings.modelConfig(Failure.MODELS_CONFIGURATION);
    DestinationConfig where = settings.destinationConfig(Failure.MODELS_CONFIGURATION);
    destination.requireEnabled(settings);
    return new Warehouse(BigQueryClients.create(where), config);
  }

  /**
   * The models on the raw tables as they are, or as the platform's are documented.
   *
   * @param offline connects to nothing, and needs no names of a project and a dataset
   */
  ModelSource source(ModelCatalog catalog, boolean offline) {
    if (!offline) {
      Warehouse warehouse = connect(Map.of());
      return ModelSource.live(catalog, warehouse.config().datasets(), warehouse.client());
    }
    return ModelSource.documented(
        catalog,
        destination
            .settings(flags(Map.of()))
            .orElse(Setting.PROJECT, "project")
            .orElse(Setting.DATASET, "gkp")
            .modelConfig(Failure.MODELS_CONFIGURATION)
            .datasets());
  }

  /** What the command is about. */
  Selection selection() {
    return Selection.parse(select);
  }

  private Map<Setting, String> flags(Map<Setting, String> more) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.CURATED_DATASET, curatedDataset);
    flags.put(Setting.MARTS_DATASET, martsDataset);
    flags.putAll(more);
    return flags;
  }
}
