/**
 * From a Postgres column to a BigQuery field, and what a change of the one asks of the other.
 *
 * <p>The destination and the writers of rows use it; it decides and alters nothing, and {@code
 * docs/reference/types.md} is its table of types. Start at {@link
 * io.gkp.connector.mapping.schema.RawTable} and {@link io.gkp.connector.mapping.schema.FieldType}.
 */
@NullMarked
package io.gkp.connector.mapping.schema;

import org.jspecify.annotations.NullMarked;
