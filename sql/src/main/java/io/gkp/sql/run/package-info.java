/**
 * Building the models in a dataset, in the order of what they read, and testing them there.
 *
 * <p>Commands and the end of a run call it. Start at {@link io.gkp.sql.run.ModelRunner}.
 */
package io.gkp.sql.run;
