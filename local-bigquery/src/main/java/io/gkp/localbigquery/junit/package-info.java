/**
 * The local BigQuery as an extension of JUnit 5, for tests of other people's code.
 *
 * <p>It starts and stops a server and knows no more. JUnit is an optional dependency. Start at
 * {@link io.gkp.localbigquery.junit.LocalBigQueryExtension}.
 */
package io.gkp.localbigquery.junit;
