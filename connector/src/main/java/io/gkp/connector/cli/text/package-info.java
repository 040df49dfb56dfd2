/**
 * How numbers, moments, tables and names stand in text for people.
 *
 * <p>Every command may use it; it knows no command. Start at {@link
 * io.gkp.connector.cli.text.TextTable}.
 */
@NullMarked
package io.gkp.connector.cli.text;

import org.jspecify.annotations.NullMarked;
