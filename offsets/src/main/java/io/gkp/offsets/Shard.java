package io.gkp.offsets;

/**
 * One of the parts that a deployment's tables are divided into, each with a slot, a publication and
 * a position of its own. A deployment that is not divided is the first shard.
 *
 * <p>A shard is known by its numbers, so that no row of a control table or of a raw table needs to
 * name it, and no two processes can ever use the same one:
 *
 * <ul>
 *   <li>Batches of shard {@code k} are numbered from {@code k * 10^12} on, those of the first from
 *       0 on.
 *   <li>Epochs of shard {@code k} have numbers that leave {@code k} when divided by 1,000,000.
 *       Those below 1,000,000 are the first shard's. A table's epochs ascend over all shards.
 * </ul>
 *
 * @param number from 1
 */
public record Shard(int number) {
  /** The one of a deployment that is not divided. */
  public static final Shard FIRST = new Shard(1);

  /** Each has a slot, and every slot decodes all WAL. */
  public static final int MOST = 64;

  private static final long BATCHES = 1_000_000_000_000L;
  private static final long EPOCHS = 1_000_000;

  /** Higher numbers are no shard's. */
  static final long LAST_BATCH = (MOST + 1) * BATCHES - 1;

  public Shard {
    if (number < 1 || number > MOST) {
      throw new IllegalArgumentException("a shard's number is 1 to " + MOST + ", got " + number);
    }
  }

  /** Whether a number is that of some shard's epoch. */
  static boolean isEpoch(long number) {
    long shard = number % EPOCHS;
    return number > 0 && (number < EPOCHS || (shard >= 1 && shard <= MOST));
  }

  /** The same in GoogleSQL. */
  static String epochRule() {
    return "(%%1$s BETWEEN 1 AND %d OR %%1$s BETWEEN %d AND %d AND MOD(%%1$s, %d) BETWEEN 1 AND %d)"
        .formatted(EPOCHS - 1, EPOCHS, ColumnRule.MOST, EPOCHS, MOST);
  }

  /** The shard that an epoch is of. */
  public static Shard ofEpoch(long epoch) {
    return epoch < EPOCHS ? FIRST : new Shard(Math.toIntExact(epoch % EPOCHS));
  }

  /** The how manieth of its shard an epoch is at most, from 1. */
  public static long ordinal(long epoch) {
    return epoch < EPOCHS ? epoch : epoch / EPOCHS;
  }

  /** The name of what each shard has one of: the first has the deployment's. */
  public String name(String ofDeployment) {
    return number == 1 ? ofDeployment : ofDeployment + "_" + number;
  }

  /** The number that the ledger begins with. */
  long firstBatch() {
    return number == 1 ? 0 : number * BATCHES;
  }

  public boolean hasBatch(long batch) {
    return batch / BATCHES == (number == 1 ? 0 : number);
  }

  public boolean hasEpoch(long epoch) {
    return ofEpoch(epoch).equals(this);
  }

  /**
   * The first number of this shard behind another one.
   *
   * @param epoch of any shard; 0 for none
   */
  long epochAfter(long epoch) {
    if (number == 1 && epoch + 1 < EPOCHS) {
      return epoch + 1;
    }
    long candidate = Math.max(1, epoch / EPOCHS) * EPOCHS + number;
    return candidate > epoch ? candidate : candidate + EPOCHS;
  }

  /** A number that batches of one shard have in common, in GoogleSQL. */
  static String batchGroup(String column) {
    return "DIV(%s, %d)".formatted(column, BATCHES);
  }

  /** Those of this shard, and those of none, which the export has not written; in GoogleSQL. */
  String batchCondition(String column) {
    long first = firstBatch();
    return "(%1$s BETWEEN %2$d AND %3$d OR %1$s NOT BETWEEN 0 AND %4$d)"
        .formatted(column, first, (number == 1 ? 0 : first) + BATCHES - 1, LAST_BATCH);
  }

  /** The same as {@link #hasEpoch}, in GoogleSQL. */
  public String epochCondition(String column) {
    String condition = "%1$s >= %2$d AND MOD(%1$s, %2$d) = %3$d".formatted(column, EPOCHS, number);
    return number == 1 ? "(%s < %d OR %s)".formatted(column, EPOCHS, condition) : condition;
  }
}
