/**
 * The deployment that is served, and answers of it that are kept for a while.
 *
 * <p>Every other room of the server asks through {@link io.gkp.serve.backend.Backend}; it knows no
 * HTTP.
 */
@NullMarked
package io.gkp.serve.backend;

import org.jspecify.annotations.NullMarked;
