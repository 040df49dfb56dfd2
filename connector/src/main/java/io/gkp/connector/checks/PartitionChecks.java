package io.gkp.connector.checks;

import io.gkp.name.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Partitions whose changes are not in the source's WAL. */
public final class PartitionChecks {
  private static final String NAME = "foreign-partitions";

  private PartitionChecks() {}

  /** A snapshot holds their rows; changes are made on another server and never come. */
  public static List<Finding> foreign(Source source) throws SQLException {
    Map<TableName, List<TableName>> foreign = new LinkedHashMap<>();
    source.rows(
        Relation.TREES
            + """
            SELECT captured.nsp, captured.rel, n.nspname, c.relname
            FROM captured
            JOIN tree ON tree.root = captured.oid AND tree.relkind = 'f'
            JOIN pg_catalog.pg_class c ON c.oid = tree.oid
            JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE captured.relkind = 'p'
            ORDER BY captured.place, 3, 4
            """,
        row ->
            foreign
                .computeIfAbsent(
                    new TableName(row.getString(1), row.getString(2)), table -> new ArrayList<>())
                .add(new TableName(row.getString(3), row.getString(4))),
        source.tableArrays());
    if (foreign.isEmpty()) {
      return List.of(Finding.ok(NAME, "No captured table has foreign partitions."));
    }
    return foreign.entrySet().stream()
        .map(
            table ->
                Finding.warning(
                        NAME,
                        "Partitions of "
                            + table.getKey()
                            + " are foreign tables: "
                            + Source.names(table.getValue())
                            + ".",
                        "Their rows are on another server: they stay as the last snapshot found"
                            + " them. Detach them, or read the table anew from time to time.")
                    .withCommand("./gkp_cli offsets reset --table " + table.getKey()))
        .toList();
  }
}
