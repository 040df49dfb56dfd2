/**
 * What the source must be like, question by question; each answer is a {@link
 * io.gkp.connector.checks.Finding} with its remedy.
 *
 * <p>Runs ask before they begin, {@code doctor} whenever it is asked. A check reads the catalogue
 * and writes nothing. Start at {@link io.gkp.connector.checks.SourceChecks}.
 */
package io.gkp.connector.checks;
