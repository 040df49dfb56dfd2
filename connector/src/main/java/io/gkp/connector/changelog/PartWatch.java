package io.gkp.connector.changelog;

import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.composition.Composition;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.ChangeHandler;
import io.gkp.name.TableName;
import java.util.Map;
import java.util.Optional;

/**
 * Sees that rows come in partitions that the table still has, or had when it was looked at. One
 * that came after that, and is gone by now, took its rows along without an event.
 */
public final class PartWatch extends Watch {
  private final Map<TableName, EpochTable> tables;
  private final Catalogue catalogue;
  private final Doubts doubts;

  public PartWatch(
      ChangeHandler next, Map<TableName, EpochTable> tables, Catalogue catalogue, Doubts doubts) {
    super(next);
    this.tables = tables;
    this.catalogue = catalogue;
    this.doubts = doubts;
  }

  @Override
  void see(TableName table, long partition) {
    EpochTable target = tables.get(table);
    if (target == null) {
      return;
    }
    Optional<Composition> before = Composition.parse(target.epoch().composition());
    if (before.isPresent()
        && !before.get().holds(partition)
        && !catalogue.isPart(before.get().oid(), partition)) {
      doubts.doubt(
          table, target.epoch(), "Rows came in a partition that it does not have any more.");
    }
  }
}
