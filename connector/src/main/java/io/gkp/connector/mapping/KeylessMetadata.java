package io.gkp.connector.mapping;

import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import io.debezium.jdbc.JdbcConfiguration;
import io.debezium.relational.TableId;
import java.sql.DatabaseMetaData;
import java.util.ArrayList;
import java.util.List;

/**
 * Keeps the tables' keys from Debezium, which would split an update into a delete and a create by
 * the key that the table has at the moment of reading. The same WAL read again after the key has
 * changed would give other records, and changes could not be counted any more.
 */
final class KeylessMetadata extends PostgresConnection {
  /** No column can have this name; a list without names would be looked for elsewhere. */
  private static final String NO_COLUMN = "\0";

  KeylessMetadata(
      JdbcConfiguration config, TypeRegistry types, PostgresValueConverterBuilder converters) {
    super(config, types, converters, CONNECTION_GENERAL);
  }

  @Override
  public List<String> readPrimaryKeyNames(DatabaseMetaData metadata, TableId table) {
    return new ArrayList<>(List.of(NO_COLUMN));
  }
}
