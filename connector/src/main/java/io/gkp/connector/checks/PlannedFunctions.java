package io.gkp.connector.checks;

import java.sql.SQLException;
import java.util.List;

/**
 * Functions that run as the export's role when it reads a table. The planner evaluates calls of
 * immutable functions with constant arguments in a table's indexes, constraints and statistics,
 * whoever the functions belong to; READ ONLY does not keep such a function from what REPLICATION
 * allows, such as dropping slots.
 *
 * @see <a href="https://www.postgresql.org/docs/current/xfunc-volatility.html">PostgreSQL:
 *     volatility</a>
 */
final class PlannedFunctions {
  private PlannedFunctions() {}

  private record Call(String function, String owner, String table) {}

  /** Those that belong to somebody who could not do the same by himself. */
  static List<Finding> ofOthers(Source source) throws SQLException {
    return source
        .rows(
            "SELECT DISTINCT p.oid::regprocedure::text, o.rolname, c.oid::regclass::text"
                + " FROM unnest(?::text[], ?::text[]) AS named(nsp, rel)"
                + " JOIN pg_catalog.pg_namespace n ON n.nspname = named.nsp"
                + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.rel"
                + " CROSS JOIN LATERAL ("
                + "SELECT 'pg_class'::regclass, i.indexrelid FROM pg_catalog.pg_index i"
                + " WHERE i.indrelid = c.oid"
                + " UNION ALL SELECT 'pg_constraint'::regclass, k.oid"
                + " FROM pg_catalog.pg_constraint k WHERE k.conrelid = c.oid"
                + " UNION ALL SELECT 'pg_statistic_ext'::regclass, s.oid"
                + " FROM pg_catalog.pg_statistic_ext s WHERE s.stxrelid = c.oid"
                + ") AS part(class, oid)"
                + " JOIN pg_catalog.pg_depend d ON d.classid = part.class AND d.objid = part.oid"
                + " AND d.refclassid = 'pg_proc'::regclass"
                + " JOIN pg_catalog.pg_proc p ON p.oid = d.refobjid"
                + " JOIN pg_catalog.pg_roles o ON o.oid = p.proowner"
                + " WHERE NOT o.rolsuper AND o.rolname <> current_user ORDER BY 3, 1",
            row -> new Call(row.getString(1), row.getString(2), row.getString(3)),
            source.tableArrays())
        .stream()
        .map(
            call ->
                Finding.warning(
                        "planned-functions",
                        "Function "
                            + call.function()
                            + " of role "
                            + call.owner()
                            + " runs as the export's role when table "
                            + call.table()
                            + " is read.",
                        "An index, constraint or statistics object of the table calls it, and its"
                            + " owner may replace it by one that drops slots. Let an administrator"
                            + " own it:")
                    .withSql("ALTER FUNCTION " + call.function() + " OWNER TO postgres;"))
        .toList();
  }
}
