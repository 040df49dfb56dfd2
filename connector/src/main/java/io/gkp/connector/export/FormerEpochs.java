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
 * The epochs that tables stream into once more before they are read anew, where they were published
 * anew, or have another key.
 *
 * <p>After a snapshot, older changes may come again over its rows: they end in the newest state as
 * long as all of them come. Of such a table some were never sent, or are another table's that had
 * the name before, or has the key of before. So what is still waiting must not come over the
 * snapshot. It goes where it belongs, into the former epoch, up to a fence; the snapshot is taken
 * behind that.
 */
final class FormerEpochs {
  private static final Logger log = LoggerFactory.getLogger(FormerEpochs.class);

  private final RunParts run;
  private final Map<String, Epoch> begun;
  private final Map<String, Epoch> newest;
  private final Map<TableName, String> published;
  private final EpochKeys keys;

  /**
   * @param newest the newest epoch of every table
   * @param published by which entry of the publication each table's changes are sent
   */
  FormerEpochs(
      RunParts run,
      Epochs epochs,
      Map<String, Epoch> newest,
      Map<TableName, String> published,
      EpochKeys keys) {
    this.run = run;
    this.keys = keys;
    this.newest = newest;
    this.begun =
        newest.values().stream().anyMatch(epoch -> epoch.state() == State.REQUESTED)
            ? epochs.newestBegun()
            : newest;
    this.published = published;
  }

  /**
   * Whether a table's epoch began under another entry of the publication, or another key, than it
   * has now.
   */
  boolean isOther(CapturedTable table) {
    Epoch epoch = begun.get(table.name().display());
    return isPublishedAnew(table, epoch) || keys.change(table.name(), epoch).isPresent();
  }

  private boolean isPublishedAnew(CapturedTable table, Epoch epoch) {
    return epoch != null
        && epoch.isStreaming()
        && epoch.publishedAs() != null
        && !epoch.publishedAs().equals(published.get(table.name()));
  }

  /**
   * Where what is still waiting of tables that were {@linkplain #isOther others} goes. One is left
   * out where the configuration fits its former epoch no more.
   */
  Map<TableName, EpochTable> targets(List<CapturedTable> anew) {
    Map<TableName, EpochTable> targets = new LinkedHashMap<>();
    for (CapturedTable table : anew) {
      TableName name = table.name();
      try {
        targets.put(name, target(name, begun.get(name.display())));
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
