/**
 * What the source must be like, question by question: the server, its role and slot, the
 * publication, and each table.
 *
 * <p>Runs ask before they begin, {@code doctor} whenever it is asked. A check reads the catalogue
 * through {@link io.gkp.connector.checks.source.Source} and writes nothing; nothing here knows
 * BigQuery. Start at {@link io.gkp.connector.checks.source.SourceChecks}.
 */
@NullMarked
package io.gkp.connector.checks.source;

import org.jspecify.annotations.NullMarked;
