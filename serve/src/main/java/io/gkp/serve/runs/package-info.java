/**
 * Starting runs for those who may: as a process beside the server, or as an execution of a Cloud
 * Run job.
 *
 * <p>The API and the page call {@link io.gkp.serve.runs.RunControl}; a run is never part of the
 * server's own process.
 */
@NullMarked
package io.gkp.serve.runs;

import org.jspecify.annotations.NullMarked;
