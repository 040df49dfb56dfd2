package io.gkp.connector.composition;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.source.table.TypeSql;
import io.gkp.name.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * Tells whether captured tables were altered since the position that a slot stands at. No
 * composition was recorded there where the run that created the slot died. What the slot still
 * brings is from before the alteration, and must not come over rows that are read behind it.
 *
 * <p>The creation of a slot waits for all transactions that run already. So whatever has written a
 * row of the catalogue since has an id that no transaction had before. Where that id was not
 * recorded, the slot's {@code catalog_xmin} is taken, for which the server keeps the catalogue: it
 * is older where another slot stands further behind, and then tables count that nobody altered.
 *
 * @see <a href="https://www.postgresql.org/docs/current/view-pg-replication-slots.html">PostgreSQL:
 *     pg_replication_slots</a>
 */
public final class AlteredTables {
  private static final String QUERY =
      """
      WITH RECURSIVE tree (oid, kind) AS (
        SELECT c.oid, c.relkind
        FROM unnest(?::text[], ?::text[]) AS wanted (schema_name, table_name)
        JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema_name
        JOIN pg_catalog.pg_class c
          ON c.relnamespace = n.oid AND c.relname = wanted.table_name
        UNION
        SELECT c.oid, c.relkind
        FROM tree
        JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid
        JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
        WHERE tree.kind = 'p'
      ),
      types (oid) AS (
        SELECT a.atttypid
        FROM tree
        JOIN pg_catalog.pg_attribute a ON a.attrelid = tree.oid AND a.attnum > 0
        UNION
        SELECT part.oid
        FROM types
        JOIN pg_catalog.pg_type t ON t.oid = types.oid
        CROSS JOIN LATERAL
      """
          + TypeSql.PARTS
          + """
       AS part (oid)
      ),
      written (version) AS (
        SELECT c.xmin FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid
        UNION ALL
        SELECT i.xmin FROM tree JOIN pg_catalog.pg_inherits i ON i.inhrelid = tree.oid
        UNION ALL
        SELECT a.xmin FROM tree JOIN pg_catalog.pg_attribute a ON a.attrelid = tree.oid
        UNION ALL
        SELECT a.xmin
        FROM types
        JOIN pg_catalog.pg_type t ON t.oid = types.oid
        JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid AND t.typrelid <> 0
        UNION ALL
        SELECT e.xmin FROM types JOIN pg_catalog.pg_enum e ON e.enumtypid = types.oid
        UNION ALL
        SELECT p.xmin FROM pg_catalog.pg_publication p WHERE p.pubname = ?
        UNION ALL
        SELECT r.xmin FROM tree JOIN pg_catalog.pg_publication_rel r ON r.prrelid = tree.oid
      )
      SELECT EXISTS (
        SELECT
        FROM written
        JOIN pg_catalog.pg_replication_slots s ON s.slot_name = ?
        WHERE age(written.version)
          <= age(coalesce((?::bigint & 4294967295)::text::xid, s.catalog_xmin))
      )
      """;

  private AlteredTables() {}

  /**
   * Whether any was, or how it is published.
   *
   * @param slotCreatedBefore the first id, of 64 bits, of transactions that began later
   */
  public static boolean exist(
      Connection connection, SourceConfig source, OptionalLong slotCreatedBefore)
      throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setArray(1, names(connection, source, TableName::schema));
      query.setArray(2, names(connection, source, TableName::table));
      query.setString(3, source.publication());
      query.setString(4, source.slot());
      query.setObject(
          5, slotCreatedBefore.isPresent() ? slotCreatedBefore.getAsLong() : null, Types.BIGINT);
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getBoolean(1);
      }
    }
  }

  private static Array names(
      Connection connection, SourceConfig source, Function<TableName, String> part)
      throws SQLException {
    return connection.createArrayOf("text", source.tables().stream().map(part).toArray());
  }
}
