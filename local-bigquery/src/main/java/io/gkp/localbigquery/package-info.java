/**
 * A BigQuery inside this process: its server, its command, and what all of it answers errors with.
 *
 * <p>Tests, the demo and other people start it; it knows nothing of the product. A request goes
 * from {@code rest} to {@code jobs}, {@code load} or {@code query}, whose rows {@code storage}
 * keeps; queries go through {@code sql} and {@code translate}. Start at {@link
 * io.gkp.localbigquery.LocalBigQuery}.
 */
package io.gkp.localbigquery;
