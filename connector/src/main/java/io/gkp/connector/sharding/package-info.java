/**
 * Which shard exports which table: decides it, remembers it in the dataset, and makes a process's
 * configuration that of its shard.
 *
 * <p>Runs and operators' commands call it; it writes the control table {@code shards} alone. Start
 * at {@link io.gkp.connector.sharding.Shards}.
 */
@NullMarked
package io.gkp.connector.sharding;

import org.jspecify.annotations.NullMarked;
