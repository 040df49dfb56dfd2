/**
 * The commands of {@code offsets}: where the export stands, and how an operator moves it.
 *
 * <p>Only the command line calls it; the work is done in {@code operations}. Start at {@link
 * io.gkp.connector.cli.offsets.OffsetsCommand}.
 */
@NullMarked
package io.gkp.connector.cli.offsets;

import org.jspecify.annotations.NullMarked;
