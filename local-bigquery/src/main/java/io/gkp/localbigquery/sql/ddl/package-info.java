/**
 * Statements that create, alter, copy and drop tables, views and datasets.
 *
 * <p>It writes through {@code storage}; rows that a statement changes go through {@code dml}. Start
 * at {@link io.gkp.localbigquery.sql.ddl.Ddl}.
 */
package io.gkp.localbigquery.sql.ddl;
