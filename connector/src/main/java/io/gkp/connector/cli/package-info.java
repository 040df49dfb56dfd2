/**
 * The command line: what is common to all commands, and doctor and query.
 *
 * <p>Nobody calls it but {@code main}; picocli and the terminal are known here and in {@code serve}
 * alone. Each other subject has a room: {@link io.gkp.connector.cli.run}, {@link
 * io.gkp.connector.cli.offsets}, {@link io.gkp.connector.cli.models}. They share {@link
 * io.gkp.connector.cli.options}, {@link io.gkp.connector.cli.log} and {@link
 * io.gkp.connector.cli.text}, and know nothing of this one. Start at {@link
 * io.gkp.connector.cli.GkpCli}.
 */
@NullMarked
package io.gkp.connector.cli;

import org.jspecify.annotations.NullMarked;
