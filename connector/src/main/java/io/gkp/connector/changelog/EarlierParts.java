package io.gkp.connector.changelog;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an earlier run had accepted of one table in one batch: parts 0 to k, without gaps. */
final class EarlierParts {
  static final EarlierParts NONE = new EarlierParts();

  private final List<RecordedPart> parts = new ArrayList<>();
  private final List<Integer> nextAttempts = new ArrayList<>();

  private EarlierParts() {}

  /** Asks the destination, part by part, up to the first that was not accepted. */
  static EarlierParts settle(
      ChangelogDestination destination, String lineage, long batch, String table)
      throws InterruptedException {
    EarlierParts earlier = new EarlierParts();
    while (true) {
      Settlement settlement =
          destination.settle(new PartId(lineage, batch, table, earlier.parts.size()));
      earlier.nextAttempts.add(settlement.nextAttempt());
      if (settlement.recorded().isEmpty()) {
        return earlier;
      }
      earlier.parts.add(settlement.recorded().get());
    }
  }

  /** The part with this number, or null when it was not accepted. */
  @Nullable RecordedPart part(int number) {
    return number < parts.size() ? parts.get(number) : null;
  }

  /** First free attempt of a part. */
  int attempt(int number) {
    return number < nextAttempts.size() ? nextAttempts.get(number) : 0;
  }

  /** Changes in all parts. */
  long changes() {
    return parts.stream().mapToLong(part -> part.cut().changes()).sum();
  }

  Stream<RecordedPart> stream() {
    return parts.stream();
  }
}
