/**
 * Runs and what a terminal, a file of events or a scheduler sees of them: {@code export-bigquery}
 * and {@code verify}.
 *
 * <p>Only the command line calls it; the work is done in {@code export} and {@code verify}. Start
 * at {@link io.gkp.connector.cli.run.ExportCommand}.
 */
@NullMarked
package io.gkp.connector.cli.run;

import org.jspecify.annotations.NullMarked;
