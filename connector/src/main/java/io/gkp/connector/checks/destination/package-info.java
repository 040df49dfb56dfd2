/**
 * What the destination must be like: the dataset and its tables, the project, and today's quotas.
 *
 * <p>{@code doctor} asks. A check reads through BigQuery's client, asks by dry runs what it may do,
 * and changes nothing. Start at {@link io.gkp.connector.checks.destination.DestinationChecks}.
 */
@NullMarked
package io.gkp.connector.checks.destination;

import org.jspecify.annotations.NullMarked;
