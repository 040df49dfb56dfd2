/**
 * What can go wrong, as stable codes, exit codes and remedies.
 *
 * <p>Every module reports through it; it uses nothing but the JDK. A code that was published keeps
 * its number. Start at {@link io.gkp.failure.Failure}.
 */
@NullMarked
package io.gkp.failure;

import org.jspecify.annotations.NullMarked;
