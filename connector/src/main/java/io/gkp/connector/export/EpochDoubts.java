package io.gkp.connector.export;

import io.gkp.connector.changelog.Doubts;
import io.gkp.name.TableName;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.Epoch;
import io.gkp.offsets.Epochs;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/** Has tables read anew whose epochs cannot hold what the stream brings, by the run itself. */
final class EpochDoubts implements Doubts {
  private final EpochRequests requests;
  private final Epochs epochs;
  private final Checkpoint start;
  private final Set<TableName> asked = new HashSet<>();

  /**
   * @param start what analysts see of a doubtful epoch goes no further
   */
  EpochDoubts(EpochRequests requests, Epochs epochs, Checkpoint start) {
    this.requests = requests;
    this.epochs = epochs;
    this.start = start;
  }

  @Override
  public synchronized void doubt(TableName table, Epoch epoch, String why) {
    if (asked.add(table)) {
      requests.ofDoubtful(epochs, table, epoch, start, why);
    }
  }

  /** A new epoch of these was asked for already. */
  synchronized void expect(Collection<TableName> tables) {
    asked.addAll(tables);
  }

  synchronized Set<TableName> tables() {
    return Set.copyOf(asked);
  }

  /** These were read anew. */
  synchronized void settle(Collection<TableName> tables) {
    asked.removeAll(tables);
  }
}
