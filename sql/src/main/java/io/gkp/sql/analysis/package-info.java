/**
 * Do the models fit the raw tables?
 *
 * <p>{@link io.gkp.sql.analysis.DryRuns} asks BigQuery. {@link io.gkp.sql.analysis.ModelAnalysis}
 * asks Google's own analyzer, in this process: for tests and for whoever has no BigQuery. The
 * analyzer is no part of the production class path, and nothing else here may need it.
 */
@NullMarked
package io.gkp.sql.analysis;

import org.jspecify.annotations.NullMarked;
