package io.gkp.connector.changelog;

/**
 * Names one part of one table's rows, for ever.
 *
 * @param lineage the ledger's random name
 * @param batch batch number; for snapshot rows that of the last batch before them
 * @param table raw table in the destination
 * @param part from 0; more than one when a single transaction, or a snapshot, is larger than a part
 * @param snapshotRun the run whose snapshot the part belongs to; empty for the stream's parts
 */
public record PartId(String lineage, long batch, String table, int part, String snapshotRun) {
  /** A part of the stream. */
  public PartId(String lineage, long batch, String table, int part) {
    this(lineage, batch, table, part, "");
  }
}
