/**
 * What a check answers: a {@link io.gkp.connector.checks.Finding} with its remedy.
 *
 * <p>Everybody may hold a finding: runs warn with it, {@code doctor} and the page print it. It
 * rests on nothing. The checks themselves are in {@link io.gkp.connector.checks.source} and {@link
 * io.gkp.connector.checks.destination}.
 */
@NullMarked
package io.gkp.connector.checks;

import org.jspecify.annotations.NullMarked;
