/**
 * The raw tables as all modules and every analyst know them: their names, and the columns that they
 * have beside the source's.
 *
 * <p>Any module may use it; it uses names alone. Start at {@link io.gkp.raw.CdcColumn}.
 */
@NullMarked
package io.gkp.raw;

import org.jspecify.annotations.NullMarked;
