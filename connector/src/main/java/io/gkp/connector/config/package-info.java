/**
 * What the operator has configured, read once: flags, then the environment, then the file.
 *
 * <p>Whoever needs a setting is given its record; nobody reads the environment elsewhere. Nothing
 * here connects to anything. Start at {@link io.gkp.connector.config.Setting} and {@link
 * io.gkp.connector.config.ExportConfig}.
 */
@NullMarked
package io.gkp.connector.config;

import org.jspecify.annotations.NullMarked;
