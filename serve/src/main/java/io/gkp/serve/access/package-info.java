/**
 * Who may ask and who may order: tokens, the identity that Google's proxy vouches for, and requests
 * that come from another site.
 *
 * <p>Every request passes {@link io.gkp.serve.access.Access} first. Secrets stay in here.
 */
@NullMarked
package io.gkp.serve.access;

import org.jspecify.annotations.NullMarked;
