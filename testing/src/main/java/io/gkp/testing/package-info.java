/**
 * A real PostgreSQL server of each promised version for tests.
 *
 * <p>Tests of every module may use it; it knows no class of the product. What stands in for a store
 * of the product lives in the tests of the module that defines it: {@code InMemoryControlStore} in
 * {@code offsets}, {@code InMemoryDestination} in {@code connector}. Start with {@link
 * io.gkp.testing.TestPostgres}.
 */
package io.gkp.testing;
