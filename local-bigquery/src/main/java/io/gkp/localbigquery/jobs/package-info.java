/**
 * Jobs: each has one id for ever, runs in the background, and ends once, also after a crash.
 *
 * <p>{@code rest} calls it. What a job does is a {@link io.gkp.localbigquery.jobs.JobWork} of
 * {@code load} or {@code query}. Start at {@link io.gkp.localbigquery.jobs.Jobs}.
 */
package io.gkp.localbigquery.jobs;
