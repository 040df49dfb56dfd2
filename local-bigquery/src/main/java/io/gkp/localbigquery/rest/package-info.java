/**
 * The REST API: routes, uploads, pages of rows, entity tags, and errors in the form that clients
 * know.
 *
 * <p>The server calls it. It reads and writes JSON and decides nothing about rows or SQL. Start at
 * {@link io.gkp.localbigquery.rest.Api}.
 */
package io.gkp.localbigquery.rest;
