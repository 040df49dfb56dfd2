/**
 * Random stories of a database and its export, each told step by step and compared with what an
 * independent reader of the same WAL says.
 */
package io.gkp.connector.property;
