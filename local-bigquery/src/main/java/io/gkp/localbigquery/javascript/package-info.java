/**
 * Functions in JavaScript, which Rhino runs: without access to Java, files or the network.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/user-defined-functions#javascript-udf-structure">JavaScript
 *     UDFs</a>
 */
package io.gkp.localbigquery.javascript;
