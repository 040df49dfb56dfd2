/**
 * From a model to the statement that BigQuery is given: names, keys and columns of one deployment.
 *
 * <p>It connects to nothing, and two renderings of the same are equal. Start at {@link
 * io.gkp.sql.render.ModelRenderer}.
 */
@NullMarked
package io.gkp.sql.render;

import org.jspecify.annotations.NullMarked;
