/**
 * Load jobs: lines of JSON become rows, all of a job or none.
 *
 * <p>{@code jobs} calls it; the rows go to {@code storage}. Start at {@link
 * io.gkp.localbigquery.load.LoadWork}.
 */
package io.gkp.localbigquery.load;
