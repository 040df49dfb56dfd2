/**
 * Copy jobs: tables become tables, snapshots and clones.
 *
 * <p>{@code jobs} calls it; the rows go from {@code storage} to {@code storage}.
 */
package io.gkp.localbigquery.copy;
