/**
 * Options that commands share, as they were typed, and the configuration that comes of them.
 *
 * <p>Every command mixes them in. Flags become settings here; what settings mean is known to {@code
 * config}. Start at {@link io.gkp.connector.cli.options.ConnectionOptions}.
 */
@NullMarked
package io.gkp.connector.cli.options;

import org.jspecify.annotations.NullMarked;
