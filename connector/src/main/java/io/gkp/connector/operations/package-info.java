/**
 * What operators ask for and ask about: resets, backfills, skips, cancellations, history.
 *
 * <p>Commands and the operators' page call it. It records requests, which runs carry out; it moves
 * a position itself only under the lock that runs take. Start at {@link
 * io.gkp.connector.operations.BothSides}.
 */
@NullMarked
package io.gkp.connector.operations;

import org.jspecify.annotations.NullMarked;
