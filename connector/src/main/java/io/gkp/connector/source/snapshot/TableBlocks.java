package io.gkp.connector.source.snapshot;

/**
 * Some blocks of a table's heap, or of a partition's.
 *
 * @param relation OID of what holds them
 * @param file its relfilenode when they were listed: with another one, its rows lie elsewhere
 * @param first the first block
 * @param end the block behind the last one
 */
public record TableBlocks(long relation, long file, long first, long end) {
  /** Thrown where the rows that lay in the blocks do not lie there any more. */
  public static final class Moved extends RuntimeException {
    Moved() {
      super(null, null, false, false);
    }
  }
}
