/**
 * Values and types on their way between the REST API's JSON, ZetaSQL and DuckDB.
 *
 * <p>It knows of no statements. Start at {@link io.gkp.localbigquery.sql.value.SqlTypes}.
 */
package io.gkp.localbigquery.sql.value;
