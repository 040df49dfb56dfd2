package io.gkp.offsets;

import java.time.Instant;

/**
 * One row of the epochs log.
 *
 * @param batch batch number at that moment
 * @param runId the run that changed the state; null for an operator's request
 * @param by who asked; null where a run did
 */
public record EpochChange(
    Epoch epoch, long batch, String runId, Instant at, String by, String reason) {}
