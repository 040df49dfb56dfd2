package io.gkp.connector.changelog;

import io.gkp.name.Lsn;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where a part ends. Recorded with the part, so that whoever reads the same changes again cuts them
 * there again: whatever the configuration and the tables are by then.
 *
 * @param changes how many changes of its table the part holds, counted from where the part before
 *     it ended. Changes and not rows: what Postgres sent is the same for every reader, what is made
 *     of it is not
 * @param lastChange names the last of them ({@link TableParts.Origin#mark}): where another change
 *     is found in this place, the server's history is another one, and counting would name others
 * @param batchEnd where the batch was cut; empty when this is not its table's last part
 * @param timeline the server's timeline that it was read on; null where unknown
 */
public record Cut(
    long changes, @Nullable String lastChange, Optional<Lsn> batchEnd, @Nullable Long timeline) {}
