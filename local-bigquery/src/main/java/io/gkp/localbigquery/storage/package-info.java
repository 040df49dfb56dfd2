/**
 * Datasets, tables, views and rows in a DuckDB file, and the values of both sides.
 *
 * <p>Every other room calls it. DuckDB is opened here; one transaction holds rows and the end of
 * the job that brought them. Start at {@link io.gkp.localbigquery.storage.Warehouse}.
 */
package io.gkp.localbigquery.storage;
