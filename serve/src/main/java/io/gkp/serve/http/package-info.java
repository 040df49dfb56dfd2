/**
 * How the server says things in HTTP: JSON bodies, and problems by RFC 9457.
 *
 * <p>Every resource and page uses it; it asks nobody anything. Start at {@link
 * io.gkp.serve.http.Problem}.
 */
@NullMarked
package io.gkp.serve.http;

import org.jspecify.annotations.NullMarked;
