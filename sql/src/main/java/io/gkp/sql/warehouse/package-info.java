/**
 * What the models find in BigQuery: raw tables, their keys and columns, and jobs that ask about
 * them.
 *
 * <p>{@code run}, {@code changelog} and {@code verify} call it; it is the only room of this module
 * that reads a dataset's tables. Start at {@link io.gkp.sql.warehouse.Warehouse}.
 */
@NullMarked
package io.gkp.sql.warehouse;

import org.jspecify.annotations.NullMarked;
