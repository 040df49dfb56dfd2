package io.gkp.connector.changelog;

import java.util.Optional;

/**
 * What has become of a part for ever, whatever requests of dead processes are still on their way.
 *
 * @param recorded the part that was accepted under the id, if any
 * @param nextAttempt first attempt number that is free
 */
public record Settlement(Optional<RecordedPart> recorded, int nextAttempt) {}
