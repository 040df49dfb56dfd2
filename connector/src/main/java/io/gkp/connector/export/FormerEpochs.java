package io.gkp.connector.export;

import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.config.TableName;
import io.gkp.connector.source.CapturedTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epoch.State;
import io.gkp.offsets.Epochs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The epochs that a run streams into before it takes a snapshot of a table that was published anew.
 *
 * <p>After a snapshot, older changes may come again over its rows: they end in the newest state as
 * long as all of them come. Of such a table some were never sent, or are another table's that had
 * the name before. So what is still waiting must not come over the snapshot. It goes where it
 * belongs, into the former epoch, up to a fence; the snapshot is taken behind that.
 */
final class FormerEpochs {
  private static final Logger log = LoggerFactory.getLogger(FormerEpochs.class);

  private final RunParts run;
  private final Epochs epochs;
  private final Map<TableName, String> published;

  /**
   * @param published by which entry of the publication each table's changes are sent
   */
  FormerEpochs(RunParts run, Epochs epochs, Map<TableName, String> published) {
    this.run = run;
    this.epochs = epochs;
    this.published = published;
  }

  /**
   * Of all tables that have one, where a table was published anew; otherwise none.
   *
   * @param newest the newest epoch of every table
   */
  Map<TableName, EpochTable> targets(List<CapturedTable> tables, Map<String, Epoch> newest) {
    Map<TableName, EpochTable> targets = new LinkedHashMap<>();
    Map<String, Epoch> begun =
        newest.values().stream().anyMatch(epoch -> epoch.state() == State.REQUESTED)
            ? epochs.newestBegun()
            : newest;
    if (tables.stream().noneMatch(table -> isPublishedAnew(table.name(), begun))) {
      return targets;
    }
    for (CapturedTable table : tables) {
      TableName name = table.name();
      Epoch epoch = begun.get(name.display());
      if (epoch == null || !epoch.isStreaming()) {
        continue;
      }
      try {
        targets.put(name, target(name, epoch));
      } catch (ExportException e) {
        if (e.failure() != Failure.CONFIGURATION
            || newest.get(name.display()).state() != State.REQUESTED) {
          throw e;
        }
        log.warn("What is still waiting of {} is not kept: {}", name, e.getMessage());
      }
    }
    return targets;
  }

  private boolean isPublishedAnew(TableName name, Map<String, Epoch> begun) {
    Epoch epoch = begun.get(name.display());
    return epoch != null
        && epoch.isStreaming()
        && epoch.publishedAs() != null
        && !epoch.publishedAs().equals(published.get(name));
  }

  private EpochTable target(TableName name, Epoch epoch) {
    EpochTable target =
        new EpochTable(
            run.destination()
                .existingTable(
                    run.catalogue().table(name), new SchemaSentences(run.statistics(), name)),
            epoch);
    run.statistics().table(name, target.raw().name());
    return target;
  }
}
