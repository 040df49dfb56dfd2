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
 * that came after that, and is gone by now, took its rows along without an event; one that is
 * attached anew may have had them changed in between. One that is there is noted, for it may be
 * gone before the next look. A table that was a partition of another one itself did not get its
 * changes.
 */
public final class PartWatch extends Watch {
  private final Map<TableName, EpochTable> tables;
  private final Catalogue catalogue;
  private final Doubts doubts;
  private final NewParts parts;

  /** Told of partitions that the stream brings rows of, and that the table has since then. */
  @FunctionalInterface
  public interface NewParts {
    /**
     * Returns when that is written down: the rows may be committed then.
     *
     * @param attached {@link Catalogue.Attachment#version}
     */
    void came(TableName table, Epoch epoch, long partition, long attached);
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
  void see(TableName table, long partition, long transaction) {
    EpochTable target = tables.get(table);
    if (target == null) {
      return;
    }
    Optional<Composition> before = Composition.parse(target.epoch().composition());
    if (before.isEmpty() || before.get().holds(partition)) {
      return;
    }
    Optional<Catalogue.Attachment> attachment =
        catalogue.attachment(before.get().oid(), partition, transaction);
    if (attachment.isEmpty()) {
      doubts.doubt(
          table, target.epoch(), "Rows came in a partition that it does not have any more.");
    } else if (attachment.get().isAnother()) {
      doubts.doubt(
          table, target.epoch(), "Rows came in a partition that was detached and attached again.");
    } else {
      parts.came(table, target.epoch(), partition, attachment.get().version());
    }
  }

  @Override
  void see(TableName partition) {
    EpochTable target = tables.get(partition);
    if (target != null) {
      doubts.doubt(
          partition,
          target.epoch(),
          "It was a partition of another table for a while, and its changes came as those of that.");
    }
  }
}
