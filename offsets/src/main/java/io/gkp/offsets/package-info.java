/**
 * Where the export stands: the checkpoint ledger, the replication slot, the epochs of tables, and
 * what operators have asked for.
 *
 * <p>Runs and operators' commands call it. It reaches the destination through {@link
 * io.gkp.offsets.ControlStore} alone, and the source through a connection that it is given. Start
 * at {@link io.gkp.offsets.Ledger}; {@code LedgerTest} and {@code ResetAllTest} show it at work.
 */
@NullMarked
package io.gkp.offsets;

import org.jspecify.annotations.NullMarked;
