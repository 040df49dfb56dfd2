/**
 * GoogleSQL: what Google's own analyzer understands of a statement, views in place of their names,
 * and what each statement does to tables.
 *
 * <p>{@code query} calls it. ZetaSQL is known here and in {@code translate}, which makes the
 * SELECTs. Start at {@link io.gkp.localbigquery.sql.ZetaSqlEngine}.
 */
package io.gkp.localbigquery.sql;
