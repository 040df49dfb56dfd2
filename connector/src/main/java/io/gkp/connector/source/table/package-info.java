/**
 * What a source table is: its columns, their types, its key, and what may not be exported as it is.
 *
 * <p>Everybody in this module may use it. It reads the catalogue through a connection that it is
 * given, and knows nothing of BigQuery. Start at {@link io.gkp.connector.source.table.SourceTable}
 * and {@link io.gkp.connector.source.table.SourceTables}.
 */
@NullMarked
package io.gkp.connector.source.table;

import org.jspecify.annotations.NullMarked;
