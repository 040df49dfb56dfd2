/**
 * An analyzed query as SQL of DuckDB that gives the same rows.
 *
 * <p>{@code sql} calls it. What DuckDB cannot compute alike is refused, or evaluated by ZetaSQL.
 * Start at {@link io.gkp.localbigquery.translate.Translator}.
 */
package io.gkp.localbigquery.translate;
