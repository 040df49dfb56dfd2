package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Functions that run as the export's role when a query on a table is planned. The planner evaluates
 * calls of immutable functions with constant arguments in the table's indexes, constraints,
 * statistics, partition key and generated columns, whoever they belong to and whatever they do;
 * casts of the columns' types may be called as well. READ ONLY does not keep such a function from
 * what REPLICATION allows, such as dropping slots, and SET ROLE does not either, since it may set
 * the role back.
 *
 * <p>So a query on a captured table is planned only where there are none. {@code COPY table TO} is
 * not planned: it calls the types' output functions, which superusers alone create.
 *
 * @see <a href="https://www.postgresql.org/docs/current/xfunc-volatility.html">PostgreSQL:
 *     volatility</a>
 */
public final class PlannedFunctions {
  /**
   * {@code tree} is what a query on the table reads, {@code part} all that its planning looks at.
   * Functions of whoever may drop slots anyway are no danger. The last column is somebody to whom
   * they can be given: on managed services nobody has the superuser, so it is the export's role.
   */
  private static final String QUERY =
      """
      WITH RECURSIVE tree (oid, relkind) AS (
        SELECT c.oid, c.relkind
        FROM pg_catalog.pg_class c
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname = ? AND c.relname = ?
        UNION ALL
        SELECT p.oid, p.relkind
        FROM tree
        JOIN pg_catalog.pg_inherits h ON h.inhparent = tree.oid
        JOIN pg_catalog.pg_class p ON p.oid = h.inhrelid
      ),
      part (class, oid) AS (
        SELECT start.class, start.oid
        FROM tree
        CROSS JOIN LATERAL (
          SELECT 'pg_class'::regclass::oid, tree.oid
          UNION ALL
          SELECT 'pg_class'::regclass, i.indexrelid
          FROM pg_catalog.pg_index i
          WHERE i.indrelid = tree.oid
          UNION ALL
          SELECT 'pg_constraint'::regclass, k.oid
          FROM pg_catalog.pg_constraint k
          WHERE k.conrelid = tree.oid
          UNION ALL
          SELECT 'pg_statistic_ext'::regclass, s.oid
          FROM pg_catalog.pg_statistic_ext s
          WHERE s.stxrelid = tree.oid
          UNION ALL
          SELECT 'pg_attrdef'::regclass, d.oid
          FROM pg_catalog.pg_attrdef d
          JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum
          WHERE d.adrelid = tree.oid AND a.attgenerated <> ''
        ) AS start (class, oid)
        UNION
        SELECT next.class, next.oid
        FROM part
        CROSS JOIN LATERAL (
          SELECT d.refclassid, d.refobjid
          FROM pg_catalog.pg_depend d
          WHERE d.classid = part.class AND d.objid = part.oid
            AND d.refclassid IN (
              'pg_proc'::regclass, 'pg_operator'::regclass, 'pg_type'::regclass,
              'pg_opclass'::regclass, 'pg_opfamily'::regclass)
          UNION ALL
          SELECT 'pg_constraint'::regclass, k.oid
          FROM pg_catalog.pg_constraint k
          WHERE part.class = 'pg_type'::regclass AND k.contypid = part.oid
          UNION ALL
          SELECT 'pg_type'::regclass, a.atttypid
          FROM pg_catalog.pg_type t
          JOIN pg_catalog.pg_attribute a ON a.attrelid = t.typrelid AND a.attnum > 0
          WHERE part.class = 'pg_type'::regclass AND t.oid = part.oid
            AND t.typrelid <> 0 AND a.atttypid <> 0
          UNION ALL
          SELECT 'pg_cast'::regclass, k.oid
          FROM pg_catalog.pg_cast k
          WHERE part.class = 'pg_type'::regclass AND part.oid IN (k.castsource, k.casttarget)
        ) AS next (class, oid)
      )
      SELECT DISTINCT p.oid::regprocedure::text, o.rolname, (
        SELECT quote_ident(a.rolname)
        FROM pg_catalog.pg_roles a
        WHERE a.rolname = session_user OR (a.rolsuper AND NOT EXISTS (
          SELECT FROM pg_catalog.pg_roles m WHERE m.rolname IN (
            'rds_superuser', 'cloudsqlsuperuser', 'alloydbsuperuser', 'azure_pg_admin')
        ))
        ORDER BY a.rolsuper DESC, a.rolname <> 'postgres', a.oid
        LIMIT 1
      )
      FROM part
      JOIN pg_catalog.pg_proc p ON part.class = 'pg_proc'::regclass AND p.oid = part.oid
      JOIN pg_catalog.pg_roles o ON o.oid = p.proowner
      WHERE NOT o.rolsuper AND NOT o.rolreplication AND o.rolname <> session_user
        AND NOT EXISTS (
          SELECT
          FROM pg_catalog.pg_roles m
          WHERE m.rolname = 'rds_replication' AND pg_has_role(o.oid, m.oid, 'MEMBER')
        )
      ORDER BY 1
      """;

  private PlannedFunctions() {}

  /**
   * @param name with its schema and the types of its arguments
   * @param nextOwner quoted
   */
  private record Function(String name, String owner, String nextOwner) {}

  /** Whether planning a query on the table runs functions of others. */
  public static boolean exist(Connection connection, TableName table) throws SQLException {
    return !read(connection, table).isEmpty();
  }

  /**
   * Lets a query on the table be planned.
   *
   * @param instead what reads the table without a query, a sentence
   * @throws ExportException {@code PLANNED_FUNCTIONS} where that would run functions of others
   */
  public static void refuse(Connection connection, TableName table, String instead)
      throws SQLException {
    List<Function> functions = read(connection, table);
    if (!functions.isEmpty()) {
      throw new ExportException(
          Failure.PLANNED_FUNCTIONS,
          "A query on table %s would run %s with the rights of the export's role."
              .formatted(table, names(functions)),
          instead + " Or let an administrator own what is called: " + mend(functions));
    }
  }

  /** Of which captured tables only the whole can be read. */
  static List<Finding> ofOthers(Source source) throws SQLException {
    List<Finding> findings = new ArrayList<>();
    for (TableName table : source.config().tables()) {
      List<Function> functions = read(source.connection(), table);
      if (!functions.isEmpty()) {
        findings.add(
            Finding.warning(
                    "planned-functions",
                    "A query on table %s would run %s with the rights of the export's role."
                        .formatted(table, names(functions)),
                    "An owner may replace a function by one that drops slots. So runs copy the"
                        + " whole table, which calls none, and refuse backfills by condition or key"
                        + " and verify --where and --sample. To allow these let an administrator own"
                        + " what is called:")
                .withSql(functions.stream().map(PlannedFunctions::mend).toArray(String[]::new)));
      }
    }
    return findings;
  }

  private static String names(List<Function> functions) {
    return functions.stream()
        .map(function -> "function " + function.name() + " of role " + function.owner())
        .collect(Collectors.joining(", "));
  }

  private static String mend(List<Function> functions) {
    return functions.stream().map(PlannedFunctions::mend).collect(Collectors.joining(" "));
  }

  private static String mend(Function function) {
    return "ALTER FUNCTION " + function.name() + " OWNER TO " + function.nextOwner() + ";";
  }

  private static List<Function> read(Connection connection, TableName table) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setString(1, table.schema());
      query.setString(2, table.table());
      List<Function> functions = new ArrayList<>();
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          functions.add(new Function(row.getString(1), row.getString(2), row.getString(3)));
        }
      }
      return functions;
    }
  }
}
