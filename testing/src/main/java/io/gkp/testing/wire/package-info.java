/**
 * The network to BigQuery, disturbed as a test scripts it: requests are refused, lost, held,
 * damaged, and broken off.
 *
 * <p>Tests of every module may use it; it knows no class of the product, only the names of its
 * jobs. Start with {@link io.gkp.testing.wire.Wire}.
 */
package io.gkp.testing.wire;
