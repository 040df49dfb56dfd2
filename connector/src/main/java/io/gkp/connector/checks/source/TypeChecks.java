package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.source.table.TypeSql;
import io.gkp.name.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Checks of columns whose types come over to BigQuery with less than they are at the source. */
public final class TypeChecks {
  /** Columns of the types that print names, or of types that hold them at any depth. */
  private static final String NAMES =
      """
      WITH RECURSIVE columns AS (
        SELECT named.place, n.nspname, c.relname, c.oid AS relation, a.attnum, a.attname, a.atttypid
        FROM unnest(?::text[], ?::text[]) WITH ORDINALITY AS named (nsp, rel, place)
        JOIN pg_catalog.pg_namespace n ON n.nspname = named.nsp
        JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.rel
        JOIN pg_catalog.pg_attribute a
          ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      ),
      types (relation, attnum, oid) AS (
        SELECT relation, attnum, atttypid
        FROM columns
        UNION
        SELECT types.relation, types.attnum, part.oid
        FROM types
        JOIN pg_catalog.pg_type t ON t.oid = types.oid
        CROSS JOIN LATERAL
      """
          + TypeSql.PARTS
          + """
       AS part (oid)
      )
      SELECT columns.nspname, columns.relname, columns.attname
      FROM columns
      WHERE EXISTS (
        SELECT
        FROM types
        JOIN pg_catalog.pg_type t ON t.oid = types.oid
        WHERE types.relation = columns.relation AND types.attnum = columns.attnum
          AND t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace
          AND (t.typname LIKE 'reg%' OR t.typname = 'aclitem')
      )
      ORDER BY columns.place, columns.attnum
      """;

  private TypeChecks() {}

  /** Keys by which BigQuery does not tell rows apart. */
  public static List<Finding> keys(Map<TableName, SourceTable> tables) {
    List<TableName> without =
        tables.entrySet().stream()
            .filter(table -> table.getValue().hasKey())
            .filter(table -> RawTable.of(table.getValue()).primaryKey().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    return without.isEmpty()
        ? List.of()
        : List.of(
            Finding.warning(
                "key-types",
                "BigQuery takes no key like that of " + Source.names(without) + ".",
                "It tells rows apart by up to 16 columns of numbers, text, dates, times with a date, and"
                    + " flags; not by floating-point numbers, bytes, times of day, JSON or arrays. So"
                    + " there is no latest_* and no history_* of it; its raw table has every change."
                    + " Create a unique index over other columns that are NOT NULL, and ALTER TABLE ..."
                    + " REPLICA IDENTITY USING INDEX it: the next run reads the table anew."));
  }

  /**
   * Columns that print the names of other things, which change without an event.
   *
   * @see <a href="https://www.postgresql.org/docs/current/datatype-oid.html">PostgreSQL: object
   *     identifier types</a>
   */
  static List<Finding> names(Source source) throws SQLException {
    String name = "printed-names";
    Map<TableName, List<String>> columns = new LinkedHashMap<>();
    source.rows(
        NAMES,
        row -> {
          TableName table = new TableName(row.getString(1), row.getString(2));
          if (!source.config().protection().excludedOf(table).contains(row.getString(3))) {
            columns.computeIfAbsent(table, key -> new ArrayList<>()).add(row.getString(3));
          }
          return table;
        },
        source.tableArrays());
    if (columns.isEmpty()) {
      return List.of(Finding.ok(name, "No captured column prints the names of other things."));
    }
    List<Finding> findings = new ArrayList<>();
    columns.forEach(
        (table, named) ->
            findings.add(
                Finding.warning(
                        name,
                        "Columns of %s hold tables, roles or the like, and print their names: %s."
                            .formatted(table, String.join(", ", named)),
                        "Renaming one of those changes what older rows print, without an event; the"
                            + " warehouse keeps the former name until the row changes. Read the table"
                            + " anew after that, exclude the columns, or keep OIDs or text in them.")
                    .withCommand("./gkp_cli offsets reset --table " + table.display() + " --yes")));
    return findings;
  }
}
