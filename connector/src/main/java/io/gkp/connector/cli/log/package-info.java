/**
 * What goes to the error stream: log lines for people or for Cloud Logging, and the last word about
 * a failure.
 *
 * <p>{@code main} and the commands call it. Start at {@link io.gkp.connector.cli.log.Logs}.
 */
@NullMarked
package io.gkp.connector.cli.log;

import org.jspecify.annotations.NullMarked;
