package io.gkp.sql.run;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.Clustering;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableDefinition;
import com.google.cloud.bigquery.TimePartitioning;
import io.gkp.bigquery.JobOutcome;
import io.gkp.bigquery.QueryJobs;
import io.gkp.sql.model.Cluster;
import io.gkp.sql.model.Kind;
import io.gkp.sql.model.Partition;
import io.gkp.sql.render.Ddl;
import io.gkp.sql.render.RenderedModel;
import io.gkp.sql.warehouse.ModelFailures;
import io.gkp.sql.warehouse.PolicyTagging;
import io.gkp.sql.warehouse.Warehouse;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Creates or replaces models. A replacement is atomic for readers unless the model's kind or layout
 * changed: BigQuery does not replace a table by one with other partitions or clusters, so that the
 * old one is dropped first.
 */
final class Materializer {
  private static final Logger log = LoggerFactory.getLogger(Materializer.class);

  private final BigQuery client;
  private final Warehouse warehouse;
  private final QueryJobs jobs;
  private final Ddl ddl;
  private final PolicyTagging tagging;

  Materializer(
      BigQuery client, Warehouse warehouse, QueryJobs jobs, Ddl ddl, PolicyTagging tagging) {
    this.client = client;
    this.warehouse = warehouse;
    this.jobs = jobs;
    this.ddl = ddl;
    this.tagging = tagging;
  }

  /**
   * @param labels of the view or table
   */
  JobOutcome create(RenderedModel model, Map<String, String> labels) {
    Optional<Table> existing = warehouse.find(model.layer(), model.name());
    if (existing.isPresent() && !isReplaceable(existing.get().getDefinition(), model)) {
      drop(existing.get());
    }
    JobOutcome job = jobs.run(model.name(), ddl.createOrReplace(model, labels));
    tagging.apply(model);
    return job;
  }

  private void drop(Table table) {
    String name = table.getTableId().getTable();
    log.info("{}: dropped, because its kind, partitions or clusters changed", name);
    ModelFailures.calls(client)
        .repeatToTheEnd("dropping " + name, () -> client.delete(table.getTableId()));
  }

  private static boolean isReplaceable(TableDefinition existing, RenderedModel model) {
    if (!(existing instanceof StandardTableDefinition table)) {
      return model.kind() == Kind.VIEW;
    }
    return model.kind() == Kind.TABLE
        && Objects.equals(partitionColumn(table), model.layout().partition().map(Partition::by))
        && clusterColumns(table)
            .equals(model.layout().cluster().map(Cluster::by).orElse(List.of()));
  }

  private static Optional<String> partitionColumn(StandardTableDefinition table) {
    return Optional.ofNullable(table.getTimePartitioning()).map(TimePartitioning::getField);
  }

  private static List<String> clusterColumns(StandardTableDefinition table) {
    return Optional.ofNullable(table.getClustering()).map(Clustering::getFields).orElse(List.of());
  }
}
