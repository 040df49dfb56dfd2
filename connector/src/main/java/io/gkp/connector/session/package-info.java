/**
 * What holds in every session at the source, whatever its role and its database choose: the
 * export's own, Debezium's and the walsender's. Whoever opens a connection calls {@link
 * io.gkp.connector.session.SessionSettings}, and nobody sets anything else for longer than a
 * transaction.
 */
@NullMarked
package io.gkp.connector.session;

import org.jspecify.annotations.NullMarked;
