package io.gkp.connector.checks.source;

import io.gkp.name.TableName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * By what Postgres tells the old rows of a table apart, as it judges itself when an application
 * updates it. Of a partitioned table each partition has its own; that of the table above it does
 * not count.
 *
 * @param captured the captured table
 * @param relation where the rows lie: the captured table, or a partition of it
 * @param whole whether the whole old row tells (FULL)
 * @param columns of the index that tells; empty where there is none
 * @param stored the relation's generated columns that are stored
 * @param virtual whether it has generated columns that are not
 * @param lack why there is none; null where there is one
 * @param keyed whether there is a primary key
 * @param key whether that could tell
 * @param unique another index that could tell; null where there is none
 * @see <a
 *     href="https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY">replica
 *     identity</a>
 */
record ReplicaIdentity(
    TableName captured,
    TableName relation,
    boolean whole,
    List<String> columns,
    List<String> stored,
    boolean virtual,
    String lack,
    boolean keyed,
    boolean key,
    String unique) {
  /** As RelationGetIndexList of the server's relcache.c decides. */
  private static final String CAN_TELL =
      "i.indislive AND i.indisvalid AND i.indisunique AND i.indimmediate AND i.indpred IS NULL";

  private static final String QUERY =
      """
      %2$s
      SELECT captured.nsp, captured.rel, n.nspname, c.relname,
        c.relreplident = 'f' AS whole,
        ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attnum = ANY (k.indkey) ORDER BY a.attnum) AS columns,
        ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attgenerated = 's' AND NOT a.attisdropped) AS stored,
        EXISTS (SELECT FROM pg_catalog.pg_attribute a
          WHERE a.attrelid = c.oid AND a.attgenerated = 'v' AND NOT a.attisdropped) AS virtual,
        CASE
          WHEN c.relreplident = 'f' OR k.indkey IS NOT NULL THEN NULL
          WHEN c.relreplident = 'n' THEN 'its REPLICA IDENTITY is NOTHING'
          WHEN c.relreplident = 'i' THEN
            CASE WHEN EXISTS (SELECT FROM pg_catalog.pg_index i
              WHERE i.indrelid = c.oid AND i.indisreplident)
            THEN 'the index of its REPLICA IDENTITY is not valid'
            ELSE 'the index of its REPLICA IDENTITY was dropped' END
          WHEN EXISTS (SELECT FROM pg_catalog.pg_index i
            WHERE i.indrelid = c.oid AND i.indisprimary AND NOT i.indimmediate)
          THEN 'its primary key is DEFERRABLE'
          WHEN EXISTS (SELECT FROM pg_catalog.pg_index i
            WHERE i.indrelid = c.oid AND i.indisprimary)
          THEN 'the index of its primary key is not valid'
          ELSE 'it has no primary key'
        END AS lack,
        EXISTS (SELECT FROM pg_catalog.pg_index i
          WHERE i.indrelid = c.oid AND i.indisprimary) AS keyed,
        EXISTS (SELECT FROM pg_catalog.pg_index i
          WHERE i.indrelid = c.oid AND i.indisprimary AND %1$s) AS key,
        (SELECT u.relname FROM pg_catalog.pg_index i
          JOIN pg_catalog.pg_class u ON u.oid = i.indexrelid
          WHERE i.indrelid = c.oid AND NOT i.indisprimary AND i.indexprs IS NULL AND %1$s
          AND NOT EXISTS (SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid
            AND a.attnum = ANY (i.indkey) AND (NOT a.attnotnull OR a.attgenerated <> ''))
          ORDER BY i.indnkeyatts, u.relname LIMIT 1) AS unique_index
      FROM captured
      JOIN tree ON tree.root = captured.oid
      JOIN pg_catalog.pg_class c ON c.oid = tree.oid AND c.relkind = 'r'
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      LEFT JOIN pg_catalog.pg_index k ON k.indexrelid = (
        SELECT i.indexrelid FROM pg_catalog.pg_index i
        WHERE i.indrelid = c.oid AND %1$s
        AND (c.relreplident = 'd' AND i.indisprimary
          OR c.relreplident = 'i' AND i.indisreplident))
      ORDER BY captured.place, c.oid
      """
          .formatted(CAN_TELL, Relation.TREES);

  /** Those of all captured tables. */
  static List<ReplicaIdentity> read(Source source) throws SQLException {
    return source.rows(QUERY, ReplicaIdentity::of, source.tableArrays());
  }

  /** Those of one table. */
  static List<ReplicaIdentity> of(Source source, TableName table) throws SQLException {
    return source.rows(
        QUERY,
        ReplicaIdentity::of,
        Source.array(List.of(table.schema())),
        Source.array(List.of(table.table())));
  }

  private static ReplicaIdentity of(ResultSet row) throws SQLException {
    return new ReplicaIdentity(
        new TableName(row.getString("nsp"), row.getString("rel")),
        new TableName(row.getString("nspname"), row.getString("relname")),
        row.getBoolean("whole"),
        Source.strings(row, "columns"),
        Source.strings(row, "stored"),
        row.getBoolean("virtual"),
        row.getString("lack"),
        row.getBoolean("keyed"),
        row.getBoolean("key"),
        row.getString("unique_index"));
  }

  /** How a message names the relation. */
  String name() {
    return relation.equals(captured)
        ? relation.display()
        : relation.display() + " (a partition of " + captured + ")";
  }

  /**
   * The statement that gives it one; empty where only its owner can say which column could tell. A
   * primary key that cannot tell stays the key of the latest state where the whole row does.
   *
   * @param wholeWorks whether Postgres would accept the whole row as identity
   */
  Optional<String> statement(boolean wholeWorks) {
    String identity;
    if (key) {
      identity = "DEFAULT";
    } else if (unique != null && !(keyed && wholeWorks)) {
      identity = "USING INDEX " + TableName.quote(unique);
    } else if (wholeWorks) {
      identity = "FULL";
    } else {
      return Optional.empty();
    }
    return Optional.of("ALTER TABLE " + relation.quoted() + " REPLICA IDENTITY " + identity + ";");
  }
}
