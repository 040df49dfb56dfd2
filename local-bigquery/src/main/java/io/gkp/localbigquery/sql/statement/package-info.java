/**
 * What one statement sees: its names, its tables with the views among them expanded, its
 * parameters, and how it answers.
 *
 * <p>It changes nothing. Start at {@link io.gkp.localbigquery.sql.statement.Statement}, and for
 * views at {@link io.gkp.localbigquery.sql.statement.Expander}.
 */
package io.gkp.localbigquery.sql.statement;
