package io.gkp.connector.composition;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What has become of a table, and what that asks for.
 *
 * @param what the difference, as half a sentence about the table; null where none matters
 * @param attached partitions whose rows have to be read; empty unless {@link Remedy#READ_PARTS}
 */
public record Drift(Remedy remedy, @Nullable String what, List<Attached> attached) {
  /** From least to most. */
  public enum Remedy {
    /** The rows are those that snapshot and stream have brought. */
    NOTHING,
    /** The catalogue cannot tell whether changes were left out. */
    COMPARE,
    /** Rows have come with partitions, without an event. */
    READ_PARTS,
    /** Rows have changed or gone, or their changes were not sent. */
    READ_ANEW
  }

  /** A partition that has come with rows. */
  public record Attached(String name, long oid) {}

  public static final Drift NONE = new Drift(Remedy.NOTHING, null, List.of());

  public static Drift anew(String what) {
    return new Drift(Remedy.READ_ANEW, what, List.of());
  }

  static Drift compare(String what) {
    return new Drift(Remedy.COMPARE, what, List.of());
  }

  static Drift parts(String what, List<Attached> attached) {
    return new Drift(Remedy.READ_PARTS, what, List.copyOf(attached));
  }
}
