package io.gkp.connector.debezium;

import io.debezium.connector.postgresql.PostgresType;
import io.debezium.connector.postgresql.TypeRegistry;
import io.debezium.connector.postgresql.connection.PostgresConnection;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TypeInfo;

/**
 * Describes each type of the replication stream to Debezium as one that it does not know, so that
 * it passes the text on unparsed. Only the name is hidden; the OID and the type's modifiers are
 * Postgres' own.
 */
final class TextTypeRegistry extends TypeRegistry {
  private static final String NAME = "text of type ";

  private final Map<Integer, PostgresType> types = new ConcurrentHashMap<>();
  private final TypeInfo typeInfo;

  TextTypeRegistry(PostgresConnection connection) throws SQLException {
    super(connection);
    this.typeInfo = connection.connection().unwrap(BaseConnection.class).getTypeInfo();
  }

  @Override
  public PostgresType get(int oid) {
    return types == null ? super.get(oid) : types.computeIfAbsent(oid, this::textType);
  }

  /** The decoder looks up by the name that {@link #get(int)} gave it before. */
  @Override
  public PostgresType get(String schema, String name) {
    return get(name);
  }

  @Override
  public PostgresType get(String name) {
    return name.startsWith(NAME)
        ? get(Integer.parseInt(name.substring(NAME.length())))
        : super.get(name);
  }

  private PostgresType textType(int oid) {
    return new PostgresType.Builder(this, NAME + oid, oid, Types.OTHER, NO_TYPE_MODIFIER, typeInfo)
        .build();
  }
}
