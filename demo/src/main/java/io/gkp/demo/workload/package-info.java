/**
 * What an invented platform writes in Postgres: its tables, months of history, and the day between
 * the two exports.
 *
 * <p>The story calls it; it speaks to Postgres alone. The same seed writes the same rows. Start at
 * {@link io.gkp.demo.workload.Workload}.
 */
package io.gkp.demo.workload;
