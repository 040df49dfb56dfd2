/**
 * From changes to batches that are loaded once: where a batch is cut, its parts, its checkpoint,
 * and what the next run does with what it finds. {@code docs/internals/exactly-once.md} is the
 * protocol.
 *
 * <p>{@code export} calls it; it reaches the destination through {@link
 * io.gkp.connector.changelog.ChangelogDestination} and the ledger, and neither server itself. Start
 * at {@link io.gkp.connector.changelog.StreamBatcher} and {@link
 * io.gkp.connector.changelog.LoadPipeline}; {@code StreamBatcherTest} shows them at work.
 */
@NullMarked
package io.gkp.connector.changelog;

import org.jspecify.annotations.NullMarked;
