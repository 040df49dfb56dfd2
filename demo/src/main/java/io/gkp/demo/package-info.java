/**
 * The whole export on one machine with no configuration: a Postgres and a BigQuery inside this
 * process, a believable workload, two exports, and what a newcomer wants to see of them.
 *
 * <p>Nobody calls it but the launcher; it may use everything, and no part of the product uses it.
 * The story is told here; its parts are in {@link io.gkp.demo.servers}, {@link
 * io.gkp.demo.workload}, {@link io.gkp.demo.question} and {@link io.gkp.demo.terminal}. Start at
 * {@code DemoCommand}.
 */
@NullMarked
package io.gkp.demo;

import org.jspecify.annotations.NullMarked;
