/**
 * Committed changes, in their order, as the slot sends them: Debezium's engine is started here, and
 * its records become changes of tables.
 *
 * <p>{@code export} calls it and {@code changelog} handles what it hands over. Apart from {@code
 * debezium} it is the only room that knows the engine. Start at {@link
 * io.gkp.connector.source.stream.ChangeStream}.
 */
@NullMarked
package io.gkp.connector.source.stream;

import org.jspecify.annotations.NullMarked;
