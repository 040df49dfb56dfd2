/**
 * The commands of {@code models}, and the models at the end of a run.
 *
 * <p>The command line and runs call it; the work is done in module {@code sql}. Start at {@link
 * io.gkp.connector.cli.models.ModelsCommand}.
 */
@NullMarked
package io.gkp.connector.cli.models;

import org.jspecify.annotations.NullMarked;
