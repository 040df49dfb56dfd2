/**
 * Connections to Postgres that notice when nobody answers any more.
 *
 * <p>A timeout alone cannot tell: a server that decodes a large transaction, moves a slot over much
 * WAL or filters a large table says nothing either, for as long as it takes. So where a connection
 * has been waited on for too long, the server is asked, on another connection, what the backend at
 * the other end is doing.
 */
@NullMarked
package io.gkp.connector.silence;

import org.jspecify.annotations.NullMarked;
