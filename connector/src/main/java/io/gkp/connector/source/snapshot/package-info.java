/**
 * Rows of a table as they stand: whole tables, or those that an operator's condition names, copied
 * over several connections with one snapshot.
 *
 * <p>{@code export} and {@code operations} call it. It locks for moments, reads with COPY, and
 * writes nothing. Start at {@link io.gkp.connector.source.snapshot.SnapshotReader}.
 */
@NullMarked
package io.gkp.connector.source.snapshot;

import org.jspecify.annotations.NullMarked;
