package io.gkp.connector.changelog;

import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.composition.Composition;
import io.gkp.connector.source.Catalogue;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.name.TableName;
import io.gkp.offsets.Epoch;
import java.util.Map;
import java.util.Optional;

/**
 * Sees that rows come in partitions that the table still has, or had when it was looked at. One
 * that came after that, and is gone by now, took its rows along without an event. One that is there
 * is noted, for it may be gone before the next look.
 */
public final class PartWatch extends Watch {
  private final Map<TableName, EpochTable> tables;
  private final Catalogue catalogue;
  private final Doubts doubts;
  private final NewParts parts;

  /** Told of partitions that the stream brings rows of, and that the table has since then. */
  @FunctionalInterface
  public interface NewParts {
    /** Returns when that is written down: the rows may be committed then. */
    void came(TableName table, Epoch epoch, long partition);
  }

  public PartWatch(
      ChangeHandler next,
      Map<TableName, EpochTable> tables,
      Catalogue catalogue,
      Doubts doubts,
      NewParts parts) {
    super(next);
    this.tables = tables;
    this.catalogue = catalogue;
    this.doubts = doubts;
    this.parts = parts;
  }

  @Override
  void see(TableName table, long partition) {
    EpochTable target = tables.get(table);
    if (target == null) {
      return;
    }
    Optional<Composition> before = Composition.parse(target.epoch().composition());
    if (before.isEmpty() || before.get().holds(partition)) {
      return;
    }
    if (catalogue.isPart(before.get().oid(), partition)) {
      parts.came(table, target.epoch(), partition);
    } else {
      doubts.doubt(
          table, target.epoch(), "Rows came in a partition that it does not have any more.");
    }
  }
}
