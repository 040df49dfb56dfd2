package io.gkp.connector.changelog;

/**
 * Names one part of one table's rows in one batch, for ever.
 *
 * @param lineage the ledger's random name
 * @param batch batch number
 * @param table raw table in the destination
 * @param part from 0; more than one when a single transaction, or a snapshot, is larger than a part
 */
public record PartId(String lineage, long batch, String table, int part) {}
