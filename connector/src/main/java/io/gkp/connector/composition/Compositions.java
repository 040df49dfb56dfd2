package io.gkp.connector.composition;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.source.RunningTransactions;
import io.gkp.connector.source.table.TypeSql;
import io.gkp.name.TableName;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads the compositions of all captured tables in one query, as of one moment. It asks system
 * catalogues alone, so that it waits for nobody's lock on a table.
 *
 * @see <a href="https://www.postgresql.org/docs/current/catalogs.html">system catalogues</a>
 */
public final class Compositions {
  private static final int SCHEMAS_SINCE = 15;
  private static final int GENERATED_SINCE = 18;

  private static final String QUERY =
      """
      WITH RECURSIVE captured AS (
        SELECT c.oid, c.relkind, c.relnamespace, n.nspname, c.relname
        FROM unnest(?::text[], ?::text[]) AS wanted (schema_name, table_name)
        JOIN pg_catalog.pg_namespace n ON n.nspname = wanted.schema_name
        JOIN pg_catalog.pg_class c
          ON c.relnamespace = n.oid AND c.relname = wanted.table_name
        WHERE c.relkind IN ('r', 'p')
      ),
      tree (root, oid, kind, attached) AS (
        SELECT oid, oid, relkind, '0'::xid
        FROM captured
        UNION ALL
        SELECT tree.root, c.oid, c.relkind, i.xmin
        FROM tree
        JOIN pg_catalog.pg_inherits i ON i.inhparent = tree.oid AND NOT i.inhdetachpending
        JOIN pg_catalog.pg_class c ON c.oid = i.inhrelid
        WHERE tree.kind = 'p'
      ),
      parts AS (
        SELECT
          tree.root,
          jsonb_agg(
            jsonb_build_object(
              'oid', c.oid::bigint,
              'name', c.relname,
              'kind', c.relkind,
              'file', c.relfilenode::bigint,
              'toast', c.reltoastrelid::bigint,
              'attached', tree.attached::text::bigint
            )
            ORDER BY c.oid
          ) AS list
        FROM tree
        JOIN pg_catalog.pg_class c ON c.oid = tree.oid
        GROUP BY tree.root
      ),
      filled AS (
        SELECT DISTINCT tree.root, a.attname
        FROM tree
        JOIN pg_catalog.pg_attribute a
          ON a.attrelid = tree.oid AND a.atthasmissing AND NOT a.attisdropped
      ),
      attributes AS (
        SELECT
          c.oid AS root, a.attnum, a.attname, a.atttypid, a.atttypmod, a.attgenerated,
          a.xmin::text::bigint AS version
        FROM captured c
        JOIN pg_catalog.pg_attribute a
          ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      ),
      columns AS (
        SELECT
          a.root,
          jsonb_agg(
            jsonb_build_object(
              'number', a.attnum,
              'name', a.attname,
              'type', a.atttypid::bigint,
              'modifier', a.atttypmod,
              'version', a.version,
              'generated', a.attgenerated <> '',
              'expression', COALESCE(d.oid::bigint, 0),
              'filled', f.attname IS NOT NULL
            )
            ORDER BY a.attnum
          ) AS list
        FROM attributes a
        LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.root AND d.adnum = a.attnum
        LEFT JOIN filled f ON f.root = a.root AND f.attname = a.attname
        GROUP BY a.root
      ),
      types (root, oid) AS (
        SELECT root, atttypid
        FROM attributes
        UNION
        SELECT types.root, part.oid
        FROM types
        JOIN pg_catalog.pg_type t ON t.oid = types.oid
        CROSS JOIN LATERAL
      """
          + TypeSql.PARTS
          + """
       AS part (oid)
      ),
      labels AS (
        SELECT
          types.root,
          jsonb_object_agg(e.oid::text, left(md5(e.enumlabel), 8)) AS list
        FROM types
        JOIN pg_catalog.pg_enum e ON e.enumtypid = types.oid
        GROUP BY types.root
      ),
      composites AS (
        SELECT
          types.root,
          md5(
            string_agg(
              concat_ws(' ', t.oid, a.attnum, a.attname, a.atttypid, a.atttypmod),
              ',' ORDER BY t.oid, a.attnum
            )
          ) AS digest
        FROM types
        JOIN pg_catalog.pg_type t ON t.oid = types.oid AND t.typrelid <> 0
        JOIN pg_catalog.pg_attribute a
          ON a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped
        GROUP BY types.root
      )
      SELECT
        c.nspname,
        c.relname,
        jsonb_build_object(
          'oid', c.oid::bigint,
          'horizon', pg_snapshot_xmin(pg_current_snapshot())::text::bigint,
          'published',
      """
          + RunningTransactions.NEXT
          + """
          ,
          'columns', columns.list,
          'parts', parts.list,
          'labels', labels.list,
          'attributes', composites.digest,
          'monetary', (
            SELECT current_setting('lc_monetary')
            FROM types
            WHERE types.root = c.oid AND types.oid = 'pg_catalog.money'::regtype
          ),
          'publication', (
            SELECT
              jsonb_build_object(
                'version', p.xmin::text::bigint,
                'owner', p.pubowner::bigint,
                'viaRoot', p.pubviaroot,
                'generated', %s,
                'entries', to_jsonb(array_remove(ARRAY[
                  CASE WHEN p.puballtables THEN 'all ' || p.oid END,
                  (
                    SELECT 'table ' || r.oid
                    FROM pg_catalog.pg_publication_rel r
                    WHERE r.prpubid = p.oid AND r.prrelid = c.oid
                  ),
                  %s
                ], NULL))
              )
            FROM pg_catalog.pg_publication p
            WHERE p.pubname = ?
          )
        ) AS composition
      FROM captured c
      LEFT JOIN columns ON columns.root = c.oid
      LEFT JOIN parts ON parts.root = c.oid
      LEFT JOIN labels ON labels.root = c.oid
      LEFT JOIN composites ON composites.root = c.oid
      """;

  /** The dependency on a table's schema is written anew when the table moves to another one. */
  private static final String OF_SCHEMA =
      """
      (
        SELECT 'schema ' || s.oid || ' since ' || (
          SELECT max(d.xmin::text::bigint)
          FROM pg_catalog.pg_depend d
          WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid
            AND d.objsubid = 0 AND d.refclassid = 'pg_catalog.pg_namespace'::regclass
        )
        FROM pg_catalog.pg_publication_namespace s
        WHERE s.pnpubid = p.oid AND s.pnnspid = c.relnamespace
      )
      """;

  private Compositions() {}

  /** Of all captured tables that exist. */
  public static Map<TableName, Composition> read(Connection connection, SourceConfig source)
      throws SQLException {
    int version = connection.getMetaData().getDatabaseMajorVersion();
    String sql =
        QUERY.formatted(
            version >= GENERATED_SINCE ? "p.pubgencols" : "NULL",
            version >= SCHEMAS_SINCE ? OF_SCHEMA : "NULL");
    Map<TableName, Composition> compositions = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement(sql)) {
      query.setArray(1, names(connection, source, TableName::schema));
      query.setArray(2, names(connection, source, TableName::table));
      query.setString(3, source.publication());
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          TableName table = new TableName(row.getString("nspname"), row.getString("relname"));
          compositions.put(
              table,
              Composition.parse(row.getString("composition"))
                  .orElseThrow()
                  .without(source.protection().excludedOf(table)));
        }
      }
    }
    return compositions;
  }

  /** The captured tables that exist, by their OIDs in {@code pg_class}. */
  public static Map<Integer, TableName> tables(Connection connection, SourceConfig source)
      throws SQLException {
    Map<Integer, TableName> tables = new HashMap<>();
    read(connection, source)
        .forEach((table, composition) -> tables.put((int) composition.oid(), table));
    return tables;
  }

  private static Array names(
      Connection connection, SourceConfig source, Function<TableName, String> part)
      throws SQLException {
    return connection.createArrayOf("text", source.tables().stream().map(part).toArray());
  }
}
