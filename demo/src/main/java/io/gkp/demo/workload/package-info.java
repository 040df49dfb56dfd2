/**
 * What an invented platform writes in Postgres: its tables, months of history, and the day between
 * the two exports.
 *
 * <p>The story calls it; it speaks to Postgres alone. The same seed writes the same rows. Start at
 * {@link io.gkp.demo.workload.Workload}.
 */
@NullMarked
package io.gkp.demo.workload;

import org.jspecify.annotations.NullMarked;
