/**
 * What stands between Debezium and the driver, so that the stream brings what Postgres sent:
 *
 * <ul>
 *   <li>values as Postgres' own text, printed under the settings of {@link
 *       io.gkp.connector.session.SessionSettings} and parsed by nobody ({@link
 *       io.gkp.connector.debezium.TextPostgresConnector}, {@link
 *       io.gkp.connector.debezium.DebeziumTextConverter});
 *   <li>tables known by their OIDs and columns by names that Debezium cannot confuse ({@link
 *       io.gkp.connector.debezium.RelationNames}, {@link io.gkp.connector.debezium.Alias});
 *   <li>nothing of the catalogue as it is by now, and no stop at types of the database that are not
 *       captured ({@link io.gkp.connector.debezium.TextPostgresConnections}).
 * </ul>
 */
package io.gkp.connector.debezium;
