/**
 * From a value as Postgres prints it to JSON as a load job of BigQuery reads it.
 *
 * <p>{@code schema} chooses the encoder, {@code row} writes with it. Everything here is bytes and
 * text in memory: no column, no table. Start at {@link io.gkp.connector.mapping.value.Encoders}.
 */
@NullMarked
package io.gkp.connector.mapping.value;

import org.jspecify.annotations.NullMarked;
