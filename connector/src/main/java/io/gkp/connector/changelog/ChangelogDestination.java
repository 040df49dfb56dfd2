package io.gkp.connector.changelog;

import io.gkp.connector.source.table.SourceTable;

/**
 * Where changelog rows go. Two words carry the whole contract:
 *
 * <ul>
 *   <li><b>accepted</b>: the destination has the part under its {@link PartId} and will never take
 *       another one under it. It may still fail. {@link #accept} returns then.
 *   <li><b>durable</b>: the part's rows are in the table, all of them, once, and survive whatever
 *       happens to this process. {@link Pending#untilDurable} returns then.
 * </ul>
 *
 * <p>Progress (checkpoints, acknowledgements) moves on <em>durable</em> only. Order: {@link #check}
 * once; {@link #table} before the first part of a table; {@link #claim} before the first part of a
 * batch, and {@link #settle} for each part where that fails; parts of batch n+1 are offered only
 * after all parts of batch n were accepted. Calls may come from several threads.
 *
 * <p>Every method throws {@link io.gkp.failure.ExportException} for what ends the run, and {@link
 * InterruptedException} when it was interrupted: nothing is known about the part then, and the
 * caller must not count it as anything.
 */
public interface ChangelogDestination {
  /** Whether operations are likely to succeed; creates a missing dataset where that is allowed. */
  void check();

  /** Reads or creates the raw table, and makes it fit the source table. */
  ChangelogTable table(SourceTable table, ChangelogTable.SchemaReport report);

  /**
   * Reads a raw table that earlier runs wrote to, and makes it fit the source table.
   *
   * @throws io.gkp.failure.ExportException when it is not there any more: going on in an empty one
   *     would pass for the whole history
   */
  ChangelogTable existingTable(SourceTable table, ChangelogTable.SchemaReport report);

  /**
   * Takes a batch number for the caller alone; required before its first part is accepted.
   *
   * @return false when it was taken before, by a run that died or by one that has overtaken this
   *     one
   */
  boolean claim(String lineage, long batch) throws InterruptedException;

  /**
   * Decides what an earlier run did under an id: waits for what it had begun, and makes sure that
   * nothing of it can be accepted from now on.
   */
  Settlement settle(PartId id) throws InterruptedException;

  /** Hands a part over. */
  Pending accept(Part part) throws InterruptedException;

  /** An accepted part. */
  interface Pending {
    /** Waits, with new attempts where the destination had passing trouble. */
    Receipt untilDurable() throws InterruptedException;
  }
}
