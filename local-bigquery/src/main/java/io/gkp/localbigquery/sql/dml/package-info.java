/**
 * INSERT, UPDATE, DELETE and MERGE, each as one change of rows.
 *
 * <p>It writes through {@code storage}. Start at {@link io.gkp.localbigquery.sql.dml.Dml}.
 */
package io.gkp.localbigquery.sql.dml;
