package io.gkp.sql.changelog;

/**
 * When a changelog is worth folding. A fold reads and writes the whole state table, every later
 * question then reads less of the changelog.
 *
 * @param minShare fold once this many unfolded rows came per row of the state table
 */
public record FoldPolicy(double minShare) {
  /** Folds a changelog that grew by a tenth of the table. */
  public static final FoldPolicy WHEN_WORTH_IT = new FoldPolicy(0.1);

  /** Folds whenever there is anything to fold. */
  public static final FoldPolicy ALWAYS = new FoldPolicy(0);

  /** Never folds. */
  public static final FoldPolicy NEVER = new FoldPolicy(Double.POSITIVE_INFINITY);

  public FoldPolicy {
    if (!(minShare >= 0)) {
      throw new IllegalArgumentException("a share is not negative: " + minShare);
    }
  }

  boolean isWorthIt(long unfoldedRows, long stateRows) {
    return unfoldedRows > 0 && unfoldedRows >= minShare * stateRows;
  }
}
