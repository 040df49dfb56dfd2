/**
 * One BigQuery: its client, what its errors mean, calls that wait trouble out, jobs that happen
 * exactly once, uploads.
 *
 * <p>Whoever talks to BigQuery does so through here. It knows no tables of ours. Start at {@link
 * io.gkp.bigquery.Calls} and {@link io.gkp.bigquery.LoadJobs}.
 */
@NullMarked
package io.gkp.bigquery;

import org.jspecify.annotations.NullMarked;
