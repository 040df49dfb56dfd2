/**
 * Compares rows that were read from the source with what the warehouse has of them, in SQL. Start
 * at {@link io.gkp.sql.verify.Comparisons}; called by whoever has read the rows into a side table.
 */
@NullMarked
package io.gkp.sql.verify;

import org.jspecify.annotations.NullMarked;
