/**
 * The Postgres and the BigQuery inside this process, their data directory, and closing them in
 * order.
 *
 * <p>The story calls it. Start at {@link io.gkp.demo.servers.LocalServers}.
 */
@NullMarked
package io.gkp.demo.servers;

import org.jspecify.annotations.NullMarked;
