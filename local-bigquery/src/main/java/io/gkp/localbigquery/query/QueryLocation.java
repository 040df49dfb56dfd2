package io.gkp.localbigquery.query;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.JobConfigurationQuery;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.List;
import java.util.Optional;

/** Where a query runs that does not say where. */
final class QueryLocation {
  private static final String DEFAULT = "US";

  private QueryLocation() {}

  /**
   * That of the dataset it names apart from its text, or the one that all the project's datasets
   * are in, or US. The real service looks at the tables in the text instead.
   */
  static String of(Warehouse warehouse, String project, JobConfigurationQuery query) {
    Optional<Dataset> named = Optional.empty();
    if (query.getDestinationTable() != null) {
      named = warehouse.dataset(project, query.getDestinationTable().getDatasetId());
    } else if (query.getDefaultDataset() != null) {
      named = warehouse.dataset(project, query.getDefaultDataset().getDatasetId());
    }
    return named
        .map(Dataset::getLocation)
        .orElseGet(
            () -> {
              List<String> all =
                  warehouse.datasets(project).stream()
                      .filter(dataset -> !isHidden(dataset))
                      .map(Dataset::getLocation)
                      .distinct()
                      .toList();
              return all.size() == 1 ? all.get(0) : DEFAULT;
            });
  }

  private static boolean isHidden(Dataset dataset) {
    return dataset.getDatasetReference().getDatasetId().startsWith("_");
  }
}
