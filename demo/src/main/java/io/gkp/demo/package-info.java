/**
 * The whole export on one machine with no configuration: a Postgres and a BigQuery inside this
 * process, a believable workload, two exports, and what a newcomer wants to see of them.
 *
 * <p>Nobody calls it but the launcher; it may use everything, and no part of the product uses it.
 * Start at {@code DemoCommand}.
 */
package io.gkp.demo;
