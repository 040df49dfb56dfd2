/**
 * Building the models in a dataset, in the order of what they read, and testing them there.
 *
 * <p>Commands and the end of a run call it. Start at {@link io.gkp.sql.run.ModelRunner}.
 */
@NullMarked
package io.gkp.sql.run;

import org.jspecify.annotations.NullMarked;
