/**
 * Statements and scripts, each handed to the room for its kind.
 *
 * <p>{@code query} and {@code load} call it; it uses the rooms below. Start at {@link
 * io.gkp.localbigquery.sql.ZetaSqlEngine}.
 */
package io.gkp.localbigquery.sql;
