package io.gkp.connector.export;

import io.gkp.connector.changelog.FirstRows;
import io.gkp.connector.changelog.PartWatch;
import io.gkp.connector.composition.Composition;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epochs;
import java.time.Clock;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Partitions that the stream brought rows of and that the look at the start of the run did not
 * find. Noted at once with the epoch, so that the next run misses one that is gone by then, however
 * this one ends.
 */
final class AnnouncedParts implements PartWatch.NewParts, FirstRows.Unsettled {
  /** What no partition has: the next run misses it, unless this one comes to know better. */
  private static final long NO_VERSION = 0;

  private final Epochs epochs;
  private final Checkpoint start;
  private final Clock clock;
  private final Map<TableName, Map<Long, Long>> announced = new HashMap<>();
  private final Set<Long> unsettled = new HashSet<>();

  AnnouncedParts(Epochs epochs, Checkpoint start, Clock clock) {
    this.epochs = epochs;
    this.start = start;
    this.clock = clock;
  }

  @Override
  public synchronized void came(TableName table, Epoch epoch, long partition, long attached) {
    Map<Long, Long> known = announced.computeIfAbsent(table, name -> new HashMap<>());
    if (known.putIfAbsent(partition, attached) == null) {
      epochs.noteAnnounced(
          noted(table, epoch), Long.toString(partition), start.n(), clock.instant());
    }
  }

  @Override
  public synchronized void unsettled(TableName table, Epoch epoch, long partition) {
    if (unsettled.add(partition)) {
      epochs.noteAnnounced(
          noted(table, epoch), partition + "_unsettled", start.n(), clock.instant());
    }
  }

  @Override
  public synchronized void settled(long partition) {
    unsettled.remove(partition);
  }

  /** An epoch of a table, with the partitions that were announced in this run. */
  synchronized Epoch noted(TableName table, Epoch epoch) {
    Map<Long, Long> partitions = new HashMap<>(announced.getOrDefault(table, Map.of()));
    partitions.replaceAll(
        (partition, attached) -> unsettled.contains(partition) ? NO_VERSION : attached);
    return Composition.parse(epoch.composition())
        .map(composition -> epoch.consistingOf(composition.with(partitions).text()))
        .orElse(epoch);
  }
}
