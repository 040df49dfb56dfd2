/**
 * Google's analyzer: its catalog and options, the trees that it answers, and its errors in
 * BigQuery's words.
 *
 * <p>The rooms of statements ask it. Start at {@link io.gkp.localbigquery.sql.analysis.ZetaSql}.
 */
package io.gkp.localbigquery.sql.analysis;
