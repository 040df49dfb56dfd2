package io.gkp.connector.source.snapshot;

import java.util.List;
import java.util.stream.IntStream;

/**
 * How tables are cut into ranges of their blocks for several readers. All must read under one
 * snapshot: an updated row lies in another block, where a reader with another snapshot would see it
 * again, or miss it.
 *
 * @param readers at a time
 * @param fewestBlocks of a range: what is read in a moment is not cut
 * @see <a href="https://www.postgresql.org/docs/current/ddl-system-columns.html">ctid</a>
 */
record BlockRanges(int readers, long fewestBlocks) {
  /** More would be in each other's way at the server. */
  private static final int MOST_READERS = 8;

  /** 64 MiB. */
  private static final long FEWEST_BLOCKS = 8192;

  /** So that those who are done early take over from others. */
  private static final int RANGES_OF_A_READER = 4;

  /** As many readers as this machine has cores, less the one that writes their rows. */
  static BlockRanges ofThisMachine() {
    int others = Runtime.getRuntime().availableProcessors() - 1;
    return new BlockRanges(Math.max(1, Math.min(MOST_READERS, others)), FEWEST_BLOCKS);
  }

  /**
   * Conditions of which each row satisfies one, wherever it lies: the last range has no end.
   *
   * @param blocks the table's size
   * @return one alone where more are not worth it
   */
  List<String> conditions(long blocks) {
    long worth = Math.min((long) readers * RANGES_OF_A_READER, blocks / fewestBlocks);
    int ranges = readers == 1 ? 1 : (int) Math.max(1, worth);
    return IntStream.range(0, ranges)
        .mapToObj(
            i ->
                from(blocks * i / ranges)
                    + (i == ranges - 1 ? "" : " AND " + before(blocks * (i + 1) / ranges)))
        .toList();
  }

  /** The same of some blocks, the last of which is the end of the last range. */
  List<String> conditions(long first, long end) {
    int ranges =
        (int)
            Math.max(
                1, Math.min((long) readers * RANGES_OF_A_READER, (end - first) / fewestBlocks));
    int count = readers == 1 ? 1 : ranges;
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                from(first + (end - first) * i / count)
                    + " AND "
                    + before(first + (end - first) * (i + 1) / count))
        .toList();
  }

  private static String from(long block) {
    return "ctid >= '(" + block + ",0)'";
  }

  private static String before(long block) {
    return "ctid < '(" + block + ",0)'";
  }
}
