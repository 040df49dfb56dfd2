package io.gkp.connector.source.table;

import io.gkp.connector.source.table.PostgresType.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The types of one database by OID, read from {@code pg_type} when first asked for and then kept:
 * Postgres never changes what an OID's text looks like. Safe for several threads, each with its own
 * connection.
 */
public final class PostgresTypes {
  private static final String QUERY =
      "SELECT n.nspname, t.typname, t.typtype, t.typtypmod, t.typdelim,"
          + " CASE WHEN t.typtype = 'd' THEN t.typbasetype"
          // Other types than true arrays have elements too, such as point and int2vector.
          + " WHEN t.typinput = 'pg_catalog.array_in'::pg_catalog.regproc THEN t.typelem"
          + " ELSE 0 END AS inner_oid"
          + " FROM pg_catalog.pg_type t"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
          + " WHERE t.oid = ?";

  private final Map<Long, PostgresType> types = new ConcurrentHashMap<>();

  /**
   * The type, or one of kind {@link Kind#UNKNOWN} when the database has dropped it meanwhile.
   *
   * @param oid unsigned
   */
  public PostgresType type(Connection connection, long oid) throws SQLException {
    PostgresType known = types.get(oid);
    if (known != null) {
      return known;
    }
    PostgresType read = read(connection, oid);
    if (read.kind() != Kind.UNKNOWN) {
      types.put(oid, read);
    }
    return read;
  }

  private PostgresType read(Connection connection, long oid) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setLong(1, oid);
      try (ResultSet row = query.executeQuery()) {
        if (!row.next()) {
          return PostgresType.unknown(oid);
        }
        long innerOid = row.getLong("inner_oid");
        return new PostgresType(
            oid,
            row.getString("nspname"),
            row.getString("typname"),
            kind(row.getString("typtype"), innerOid),
            innerOid == 0 ? null : type(connection, innerOid),
            row.getInt("typtypmod"),
            row.getString("typdelim").charAt(0));
      }
    }
  }

  private static Kind kind(String typtype, long innerOid) {
    return switch (typtype) {
      case "b" -> innerOid == 0 ? Kind.BASE : Kind.ARRAY;
      case "e" -> Kind.ENUM;
      case "d" -> Kind.DOMAIN;
      case "c" -> Kind.COMPOSITE;
      case "r" -> Kind.RANGE;
      case "m" -> Kind.MULTIRANGE;
      default -> Kind.PSEUDO;
    };
  }
}
