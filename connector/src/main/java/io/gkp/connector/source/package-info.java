/**
 * Postgres as an export sees it: its connections, the catalogue, the write-ahead log, and what its
 * errors mean.
 *
 * <p>{@code export} and {@code operations} call it, and so do the rooms that read rows: {@link
 * io.gkp.connector.source.stream} and {@link io.gkp.connector.source.snapshot}. With {@code checks}
 * it has the source's SQL; nothing here knows BigQuery. Start at {@link
 * io.gkp.connector.source.SourceDatabase}.
 */
@NullMarked
package io.gkp.connector.source;

import org.jspecify.annotations.NullMarked;
