package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.TableSchema;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/**
 * Makes one segment of many small ones, in their order, so that a table written in a thousand small
 * loads is still a few files.
 */
final class SegmentMerger {
  /** A segment of at least this size stays as it is for ever. */
  private static final long SMALL = 256 << 10;

  private static final int MOST_SMALL = 64;

  private SegmentMerger() {}

  /**
   * The same rows in no more segments than given. What is new is durable in the directory, and
   * nobody's until a table lists it.
   */
  static List<Segment> merge(Path directory, List<Segment> segments, TableSchema schema) {
    int first = segments.size();
    while (first > 0 && segments.get(first - 1).bytes() < SMALL) {
      first--;
    }
    List<Segment> small = segments.subList(first, segments.size());
    if (small.size() < MOST_SMALL) {
      return segments;
    }
    List<Segment> merged = new ArrayList<>(segments.subList(0, first));
    Path file = directory.resolve(UUID.randomUUID() + ".rows");
    try (SegmentWriter out = new SegmentWriter(file, schema);
        SegmentCursor rows =
            new SegmentCursor(directory, small, Column.of(schema), 0, Long.MAX_VALUE, () -> {})) {
      rows.forEachRemaining(out::write);
      merged.add(out.finish());
    }
    return merged;
  }
}
