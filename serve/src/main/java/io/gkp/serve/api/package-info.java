/**
 * The admin API's resources, as {@code openapi.json} describes them.
 *
 * <p>Called by HTTP alone. A resource reads the request, calls what commands call, too, and answers
 * JSON or a {@link io.gkp.serve.http.Problem}. Start at {@link io.gkp.serve.api.RunsResource}.
 */
@NullMarked
package io.gkp.serve.api;

import org.jspecify.annotations.NullMarked;
