/**
 * Everything that is read from Postgres: the stream, snapshots, the catalogue, the write-ahead log.
 *
 * <p>{@code export} and {@code operations} call it. It is the only room that starts Debezium's
 * engine and, with {@code checks}, the one with the source's SQL; nothing here knows BigQuery.
 * Start at {@link io.gkp.connector.source.SourceDatabase} and {@link
 * io.gkp.connector.source.ChangeStream}.
 */
package io.gkp.connector.source;
