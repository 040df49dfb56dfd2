/**
 * One run, from its first look at both sides to its report: preflight, snapshots, stream, fence,
 * backfills, views.
 *
 * <p>Commands start it. It says in which order things happen, and leaves each to the room that
 * knows how. Start at {@link io.gkp.connector.export.Export}.
 */
@NullMarked
package io.gkp.connector.export;

import org.jspecify.annotations.NullMarked;
