/**
 * Queries: which columns and partitions are read, how many bytes that is, and the rows.
 *
 * <p>It reads through {@code translate} and {@code storage}. Start at {@link
 * io.gkp.localbigquery.sql.select.QueryRunner}.
 */
package io.gkp.localbigquery.sql.select;
