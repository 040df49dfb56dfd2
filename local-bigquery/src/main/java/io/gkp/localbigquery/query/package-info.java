/**
 * Query jobs: their limits, what they are billed for, and the tables that hold their results.
 *
 * <p>{@code jobs} calls it; {@code sql} does what the statement says. Start at {@link
 * io.gkp.localbigquery.query.QueryWork}.
 */
package io.gkp.localbigquery.query;
