/**
 * The models as a project of another tool, for those who run their models with it: dbt or Dataform.
 * Only {@code curated_*} and {@code marts_*} are lifted. What they read ({@code latest_*}) stays
 * with the export, since no other tool has a view whose text carries a watermark. Start at {@link
 * io.gkp.sql.lift.Lift}. Nothing here connects to anything.
 */
@NullMarked
package io.gkp.sql.lift;

import org.jspecify.annotations.NullMarked;
