/**
 * The destination: raw tables and control tables in one dataset, each batch by load jobs whose ids
 * are used once.
 *
 * <p>Runs and operators' commands call it through {@code ChangelogDestination} and {@code
 * ControlStore}; it alone makes and alters tables. It knows nothing of the source's connections.
 * Start at {@link io.gkp.connector.bigquery.BigQueryDestination}.
 */
@NullMarked
package io.gkp.connector.bigquery;

import org.jspecify.annotations.NullMarked;
