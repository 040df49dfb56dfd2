package io.gkp.localbigquery.storage;

import com.google.api.client.util.DateTime;
import com.google.api.services.bigquery.model.CloneDefinition;
import com.google.api.services.bigquery.model.SnapshotDefinition;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Copies, clones and snapshots of tables. Here each is a copy of the rows.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/table-snapshots-intro">Table snapshots</a>
 */
public enum TableCopy {
  CLONE,
  COPY,
  SNAPSHOT;

  /** The new table, without rows. Throws {@code notImplemented} for a source without its like. */
  public Table of(Table source, TableReference reference) {
    if (IngestionTime.partitions(source)) {
      throw ApiException.notImplemented(
          "copies, clones and snapshots of a table that is partitioned by ingestion time");
    }
    Table table =
        new Table()
            .setTableReference(reference)
            .setSchema(source.getSchema())
            .setTimePartitioning(source.getTimePartitioning())
            .setRangePartitioning(source.getRangePartitioning())
            .setRequirePartitionFilter(source.getRequirePartitionFilter())
            .setClustering(source.getClustering())
            .setDescription(source.getDescription())
            .setDefaultCollation(source.getDefaultCollation())
            .setLabels(source.getLabels());
    TableReference base = Moment.whole(source.getTableReference());
    DateTime time =
        new DateTime(
            Moment.of(source.getTableReference())
                .map(moment -> moment.micros() / 1000)
                .orElseGet(System::currentTimeMillis));
    return switch (this) {
      case COPY -> table;
      case SNAPSHOT ->
          table.setSnapshotDefinition(
              new SnapshotDefinition().setBaseTableReference(base).setSnapshotTime(time));
      case CLONE ->
          table.setCloneDefinition(
              new CloneDefinition().setBaseTableReference(base).setCloneTime(time));
    };
  }

  /** The rows of tables of one schema. */
  public static Staged rows(Warehouse warehouse, Session session, List<Table> sources) {
    return warehouse.lookingUp(
        () ->
            session.stage(
                sources.stream()
                    .map(
                        source ->
                            "SELECT * FROM " + warehouse.rows(session, source.getTableReference()))
                    .collect(Collectors.joining(" UNION ALL ")),
                Column.of(sources.get(0).getSchema())));
  }
}
