/**
 * Multi-statement queries: control flow, variables, errors and procedures. Google's parser reads a
 * script; {@link io.gkp.localbigquery.script.Interpreter} walks its tree and leaves each statement
 * and expression to a {@link io.gkp.localbigquery.script.ScriptHost}.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/procedural-language">Procedural
 *     language</a>
 */
package io.gkp.localbigquery.script;
