/**
 * The command line: one class for each verb, its text and its JSON.
 *
 * <p>Nobody calls it but {@code main}. It parses, calls what does the work, and prints; picocli and
 * the terminal are known here and in {@code serve} alone. Start at {@link
 * io.gkp.connector.cli.GkpCli}.
 */
package io.gkp.connector.cli;
