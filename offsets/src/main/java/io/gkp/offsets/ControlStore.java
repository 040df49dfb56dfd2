package io.gkp.offsets;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The control tables of the destination dataset, append-only.
 *
 * <p>Column values are String, Long, Boolean or null; times are RFC 3339 text.
 */
public interface ControlStore {
  /**
   * Appends rows; returns when they are durable.
   *
   * @param key identifies this append for ever. Appending again under a key that was used for as
   *     many rows with the same {@code fingerprint} has no further effect
   * @param fingerprint what distinguishes this append from another one under the same key:
   *     lower-case letters, digits, dashes and underscores, at most 63
   * @throws io.gkp.failure.ExportException with {@code LINEAGE_TAKEN_OVER} when the key was used
   *     with another fingerprint: another run has gone on from here, and this one must stop
   */
  void append(ControlTable table, String key, String fingerprint, List<Map<String, Object>> rows);

  /**
   * Decides for ever what was appended under a key: what an earlier process has begun is waited
   * for, and what has not arrived yet never will. If nothing was, {@link #append} of this store
   * still can.
   *
   * @return the fingerprint of what was appended
   */
  Optional<String> settle(String key);

  /** Creates the table, empty, unless it is there. */
  void ensureExists(ControlTable table);

  /**
   * What was appended under a key, as far as that is done and remembered; decides nothing.
   *
   * @return the fingerprint of what was appended
   */
  Optional<String> appended(String key);

  /**
   * All rows of a control table that satisfy a condition; empty when the table does not exist.
   *
   * @param suffix GoogleSQL after {@code FROM}, such as {@code ORDER BY n DESC LIMIT 1}
   */
  List<Map<String, Object>> read(ControlTable table, String suffix);
}
