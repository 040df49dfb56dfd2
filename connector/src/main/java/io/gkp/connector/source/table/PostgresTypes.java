package io.gkp.connector.source.table;

import io.gkp.connector.source.table.PostgresType.Kind;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The types of one database by OID, read from {@code pg_type} when first asked for and then kept:
 * Postgres never changes what an OID's text looks like. Safe for several threads, each with its own
 * connection.
 */
public final class PostgresTypes {
  private static final String QUERY =
      "SELECT t.oid, n.nspname, t.typname, t.typtype, t.typtypmod, t.typdelim,"
          + " CASE WHEN t.typtype = 'd' THEN t.typbasetype"
          // Other types than true arrays have elements too, such as point and int2vector.
          + " WHEN t.typinput = 'pg_catalog.array_in'::pg_catalog.regproc THEN t.typelem"
          + " ELSE 0 END AS inner_oid"
          + " FROM pg_catalog.pg_type t"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace"
          + " WHERE t.oid = ANY (?)";

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
    lookAhead(connection, Set.of(oid));
    PostgresType read = types.get(oid);
    return read == null ? PostgresType.unknown(oid) : read;
  }

  /** Reads those of these types that are not known yet, and what they are made of, at once. */
  void lookAhead(Connection connection, Collection<Long> oids) throws SQLException {
    Map<Long, Read> read = new HashMap<>();
    Set<Long> wanted = new HashSet<>(oids);
    while (true) {
      wanted.removeAll(types.keySet());
      wanted.removeAll(read.keySet());
      if (wanted.isEmpty()) {
        break;
      }
      Map<Long, Read> more = read(connection, wanted);
      read.putAll(more);
      wanted.clear(); // one that is gone is not asked for again
      more.values().stream().filter(type -> type.inner() != 0).forEach(t -> wanted.add(t.inner()));
    }
    read.keySet().forEach(oid -> keep(oid, read));
  }

  private PostgresType keep(long oid, Map<Long, Read> read) {
    PostgresType known = types.get(oid);
    if (known != null) {
      return known;
    }
    Read row = read.get(oid);
    if (row == null) {
      return PostgresType.unknown(oid);
    }
    PostgresType type = row.type(oid, row.inner() == 0 ? null : keep(row.inner(), read));
    types.put(oid, type);
    return type;
  }

  /** A row of {@code pg_type}; {@code inner} is 0 where it is made of no other type. */
  private record Read(
      String schema, String name, Kind kind, long inner, int modifier, char delimiter) {
    PostgresType type(long oid, @Nullable PostgresType innerType) {
      return new PostgresType(oid, schema, name, kind, innerType, modifier, delimiter);
    }
  }

  private static Map<Long, Read> read(Connection connection, Collection<Long> oids)
      throws SQLException {
    Map<Long, Read> read = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setArray(1, connection.createArrayOf("oid", oids.toArray()));
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          long inner = row.getLong("inner_oid");
          read.put(
              row.getLong("oid"),
              new Read(
                  row.getString("nspname"),
                  row.getString("typname"),
                  kind(row.getString("typtype"), inner),
                  inner,
                  row.getInt("typtypmod"),
                  row.getString("typdelim").charAt(0)));
        }
      }
    }
    return read;
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
