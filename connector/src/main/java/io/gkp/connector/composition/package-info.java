/**
 * What captured tables consist of, and what of it has changed without an event.
 *
 * <p>Logical replication sends changes of rows. It does not send what DDL does to the rows of a
 * table: values that an {@code ALTER TABLE} rewrites, partitions that are truncated, detached or
 * attached, time that a table has spent outside the publication. {@link
 * io.gkp.connector.composition.Compositions} reads the traces that these leave in the catalogue,
 * runs keep them with a table's epoch, and {@link io.gkp.connector.composition.CompositionDrift} is
 * the one place that decides what a difference asks for.
 *
 * <p>Called by {@code export} at the start of a run; nothing here takes a lock, except for
 * questions about a table's rows ({@link io.gkp.connector.composition.PartRows}).
 */
@NullMarked
package io.gkp.connector.composition;

import org.jspecify.annotations.NullMarked;
