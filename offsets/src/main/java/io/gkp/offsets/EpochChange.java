package io.gkp.offsets;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of the epochs log.
 *
 * @param batch batch number at that moment
 * @param runId the run that changed the state; null for an operator's request
 * @param by who asked; null where a run did
 */
public record EpochChange(
    Epoch epoch,
    long batch,
    @Nullable String runId,
    Instant at,
    @Nullable String by,
    @Nullable String reason) {}
