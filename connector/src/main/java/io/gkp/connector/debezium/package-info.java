/**
 * What stands between Debezium and the driver. Debezium is the engine: it has the slot, the
 * connection, its keepalives and acknowledgements, the queue and the life cycle. It never sees a
 * column. What the server sends goes through it as it came, in {@linkplain
 * io.gkp.connector.debezium.Chunk chunks} of messages ({@link
 * io.gkp.connector.debezium.ChunkedStream}), and {@link io.gkp.connector.wire} reads them behind
 * it.
 *
 * <p>Start at {@link io.gkp.connector.debezium.EngineConnections}, through which Debezium gets its
 * connections.
 */
@NullMarked
package io.gkp.connector.debezium;

import org.jspecify.annotations.NullMarked;
