/**
 * How the server sends rows: the messages of {@code pgoutput} and the lines of {@code COPY}, both
 * with values as the text that a type's output function prints, in the server's encoding.
 *
 * <p>Start at {@link io.gkp.connector.wire.PgOutputReader}. Everything here reads bytes that are in
 * memory: nothing connects, and nothing knows what is exported.
 */
@NullMarked
package io.gkp.connector.wire;

import org.jspecify.annotations.NullMarked;
