package io.gkp.connector.source.snapshot;

import io.gkp.connector.checks.source.PlannedFunctions;
import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.source.RelationQuestion;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What {@code COPY ... TO STDOUT} is told in order to bring a table's rows. This is the one place
 * that decides how rows are read.
 *
 * <p>{@code COPY table (columns)} goes to the table's pages without the planner, so that nothing of
 * the table's owner runs ({@link PlannedFunctions}). It takes plain tables alone: a partitioned
 * table is copied partition by partition, which needs SELECT on each. Everything else is a query,
 * and is refused where planning it would run functions of others.
 *
 * @see <a href="https://www.postgresql.org/docs/current/sql-copy.html">COPY</a>
 */
final class TableCopies {
  /** What to do instead of a query that reads a whole table. */
  static final String INSTEAD =
      "Grant SELECT on each of its partitions, or leave generated columns out"
          + " (--exclude-columns): then it is read without one.";

  /** The same, of a part of it. */
  static final String WITHOUT_CONDITION =
      "Read the whole table instead: offsets reset --table for a backfill, verify without --where"
          + " and --sample.";

  /** What to do where such a function came while ranges of blocks were read. */
  private static final String READ_ALONE = "Run again: the table is then read by one reader.";

  /** What to do where such a function came after a table's blocks were listed. */
  private static final String READ_WHOLE =
      "Ask for a new snapshot (offsets reset --table): the table is then read whole.";

  private static final String QUERY = "(SELECT ";

  /** The tables that hold the rows: the table itself, or its partitions. */
  private static final String LEAVES =
      """
      WITH RECURSIVE tree (oid, relkind, is_root, attached) AS (
        SELECT c.oid, c.relkind, true, '0'::xid
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ?
        UNION ALL
        SELECT p.oid, p.relkind, false, h.xmin
        FROM tree
        JOIN pg_catalog.pg_inherits h ON h.inhparent = tree.oid AND NOT h.inhdetachpending
        JOIN pg_catalog.pg_class p ON p.oid = h.inhrelid
        WHERE tree.relkind = 'p'
      )
      SELECT n.nspname, c.relname, c.oid::bigint,
        c.relkind = 'r' AND (is_root OR (
          has_schema_privilege(n.oid, 'USAGE')
          AND NOT row_security_active(c.oid)
          AND (
            SELECT bool_and(has_column_privilege(c.oid, named.name, 'SELECT'))
            FROM unnest(?::text[]) AS named (name)
          )
        )) AS is_readable,
        CASE WHEN m.amname = 'heap'
          THEN COALESCE(pg_relation_size(c.oid) / current_setting('block_size')::int, 0)
          ELSE 0 END AS blocks,
        tree.attached::text::bigint,
        COALESCE(pg_relation_filenode(c.oid), 0)::bigint AS file
      FROM tree
      JOIN pg_catalog.pg_class c ON c.oid = tree.oid
      LEFT JOIN pg_catalog.pg_am m ON m.oid = c.relam
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind <> 'p'
      ORDER BY c.oid
      """;

  private final Connection connection;
  private final TableName name;
  private final List<SourceColumn> columns;
  private final BlockRanges ranges;

  /**
   * @param connection whose transaction has the table locked
   * @param ranges how large tables are cut
   */
  TableCopies(Connection connection, SourceTable layout, BlockRanges ranges) {
    this.connection = connection;
    this.ranges = ranges;
    this.name = new TableName(layout.schema(), layout.name());
    this.columns =
        IntStream.of(places(layout)).mapToObj(place -> layout.columns().get(place)).toList();
  }

  /** The places of the columns that are read: an excluded column is not. */
  static int[] places(SourceTable layout) {
    return IntStream.range(0, layout.columns().size())
        .filter(i -> !layout.columns().get(i).protection().isExcluded())
        .toArray();
  }

  /** All rows. */
  List<String> all() throws SQLException {
    List<Leaf> leaves = leaves();
    return areCopied(leaves) ? copies(leaves) : query("true", INSTEAD);
  }

  /**
   * The rows of one partition; nothing where it is not one of the table any more.
   *
   * @param oid the partition's
   */
  List<String> ofPartition(long oid) throws SQLException {
    List<Leaf> leaf = leaves().stream().filter(one -> one.oid() == oid).toList();
    return leaf.isEmpty() || areCopied(leaf) ? copies(leaf) : query(constraint(oid), INSTEAD);
  }

  /**
   * The rows that satisfy a condition.
   *
   * @param condition SQL of this program's own
   */
  List<String> where(String condition) throws SQLException {
    return query(condition, WITHOUT_CONDITION);
  }

  /** The same, with the rights of the role that the operator gives for conditions. */
  List<String> where(String condition, SourceConfig source) throws SQLException {
    BackfillRole.take(connection, source);
    return where(condition);
  }

  /**
   * A table that holds rows.
   *
   * @param isReadable whether it can be copied under its own name
   * @param blocks its size; 0 where its rows are in no blocks
   * @param attached version of its row in {@code pg_inherits}; 0 for the table itself
   * @param file its relfilenode
   */
  private record Leaf(
      TableName name, long oid, boolean isReadable, long blocks, long attached, long file) {}

  /**
   * Where the rows lie; empty where they cannot be read by their blocks, without running functions
   * of others.
   */
  List<TableBlocks> blocks() throws SQLException {
    List<Leaf> leaves = leaves();
    return areCopied(leaves)
            && leaves.stream().allMatch(leaf -> leaf.file() != 0)
            && !PlannedFunctions.exist(connection, name)
        ? leaves.stream()
            .filter(leaf -> leaf.blocks() > 0)
            .map(leaf -> new TableBlocks(leaf.oid(), leaf.file(), 0, leaf.blocks()))
            .toList()
        : List.of();
  }

  /**
   * The rows in some blocks.
   *
   * @throws TableBlocks.Moved where they do not lie there any more
   */
  List<String> of(TableBlocks blocks) throws SQLException {
    PlannedFunctions.refuse(connection, name, READ_WHOLE);
    Leaf leaf =
        leaves().stream()
            .filter(one -> one.oid() == blocks.relation() && one.file() == blocks.file())
            .findFirst()
            .orElseThrow(TableBlocks.Moved::new);
    return ranges.conditions(blocks.first(), blocks.end()).stream()
        .map(part -> select("ONLY " + leaf.name().quoted(), part))
        .toList();
  }

  /** Versions of the partitions' rows in {@code pg_inherits}, by the partitions' OIDs. */
  Map<Long, Long> partitions() throws SQLException {
    return leaves().stream()
        .filter(leaf -> leaf.attached() != 0)
        .collect(Collectors.toMap(Leaf::oid, Leaf::attached));
  }

  private List<Leaf> leaves() throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(LEAVES)) {
      query.setString(1, name.schema());
      query.setString(2, name.table());
      query.setArray(
          3, connection.createArrayOf("text", columns.stream().map(SourceColumn::name).toArray()));
      List<Leaf> leaves = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          leaves.add(
              new Leaf(
                  new TableName(row.getString(1), row.getString(2)),
                  row.getLong(3),
                  row.getBoolean(4),
                  row.getLong(5),
                  row.getLong(6),
                  row.getLong(7)));
        }
      }
      return leaves;
    }
  }

  /** COPY takes no generated columns, and no list of none. */
  private boolean areCopied(List<Leaf> leaves) {
    return !columns.isEmpty()
        && columns.stream().noneMatch(SourceColumn::generated)
        && leaves.stream().allMatch(Leaf::isReadable);
  }

  /**
   * Partitions may have their columns in another order, so these are named. A range of blocks takes
   * a query.
   */
  private List<String> copies(List<Leaf> leaves) throws SQLException {
    List<String> copies = new ArrayList<>();
    for (Leaf leaf : leaves) {
      List<String> parts = ranges.conditions(leaf.blocks());
      if (parts.size() == 1 || PlannedFunctions.exist(connection, name)) {
        copies.add(leaf.name().quoted() + " (" + names() + ")");
      } else {
        parts.forEach(part -> copies.add(select("ONLY " + leaf.name().quoted(), part)));
      }
    }
    return copies;
  }

  /** A partitioned table has its rows in its partitions; an inheritance parent has its own. */
  private List<String> query(String condition, String instead) throws SQLException {
    PlannedFunctions.refuse(connection, name, instead);
    return List.of(
        select((isPartitioned(connection, name) ? "" : "ONLY ") + name.quoted(), condition));
  }

  private String select(String from, String condition) {
    return QUERY + names() + " FROM " + from + " WHERE " + condition + ")";
  }

  /**
   * Looks again before each of many queries on a table: what they may call is created by its owner
   * in any moment, and a transaction's snapshot does not show it.
   */
  static void check(SourceDatabase database, TableName table, String copy) throws SQLException {
    if (copy.startsWith(QUERY)) {
      database.work(now -> PlannedFunctions.refuse(now, table, READ_ALONE));
    }
  }

  private String names() {
    return columns.stream()
        .map(column -> TableName.quote(column.name()))
        .collect(Collectors.joining(", "));
  }

  /**
   * What holds for a partition's rows and for no others of the table: the role may have rights on
   * that alone. It evaluates the partition key.
   */
  private String constraint(long oid) throws SQLException {
    PlannedFunctions.refuse(connection, name, INSTEAD);
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT COALESCE(pg_catalog.pg_get_partition_constraintdef("
                    + oid
                    + "::oid), 'true')")) {
      row.next();
      return row.getString(1);
    }
  }

  static boolean isPartitioned(Connection connection, TableName table) throws SQLException {
    return RelationQuestion.holds(connection, table, "c.relkind = 'p'");
  }
}
