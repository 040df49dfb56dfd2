/**
 * From a changed row to a line of a load job, with the columns that say what has happened to it.
 *
 * <p>{@code changelog} writes with it, for snapshots and the stream alike: there is one conversion,
 * and it starts from <em>Postgres' own text</em>, which {@code COPY} and the replication protocol
 * print alike in a session prepared by {@link io.gkp.connector.session.SessionSettings}. What
 * BigQuery cannot hold becomes NULL and goes, as text, into {@code _cdc_lossy}. Start at {@link
 * io.gkp.connector.mapping.row.ChangeRowWriter}.
 */
@NullMarked
package io.gkp.connector.mapping.row;

import org.jspecify.annotations.NullMarked;
