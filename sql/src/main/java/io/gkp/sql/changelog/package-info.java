/**
 * What the changelog's SQL rests on: keys, epochs that are published, retention, and the compaction
 * that makes {@code latest_*} cheap.
 *
 * <p>{@code run} calls it; rows change through {@code warehouse} alone. Start at {@link
 * io.gkp.sql.changelog.Compaction}.
 */
@NullMarked
package io.gkp.sql.changelog;

import org.jspecify.annotations.NullMarked;
