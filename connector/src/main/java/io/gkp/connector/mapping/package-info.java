/**
 * From a Postgres column to a BigQuery field, and from a Postgres value to JSON in a load row.
 *
 * <p>There is one conversion, and it starts from <em>Postgres' own text</em>: what the type's
 * output function prints in a session prepared by {@link io.gkp.connector.session.SessionSettings}.
 * Snapshot rows bring that text from {@code COPY}, stream rows from the replication protocol
 * ({@code io.gkp.connector.wire}), and both stay bytes until they are written, so both give the
 * same value for the same row.
 *
 * <p>What BigQuery cannot hold becomes NULL and goes, as text, into {@code _cdc_lossy}. {@code
 * docs/reference/types.md} is the table of types for analysts and operators.
 */
package io.gkp.connector.mapping;
