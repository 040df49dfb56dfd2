/**
 * What the API and the page show of a deployment, as records: both print the same.
 *
 * <p>Made from what {@code operations} and the models report; nothing is decided here. Start at
 * {@link io.gkp.serve.view.Status}.
 */
@NullMarked
package io.gkp.serve.view;

import org.jspecify.annotations.NullMarked;
