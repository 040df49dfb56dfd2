package io.gkp.connector.checks.source;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.checks.Finding;
import io.gkp.name.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Partitions whose changes do not come, or do not tell which row they are of. */
public final class PartitionChecks {
  private static final String NAME = "foreign-partitions";
  private static final String IDENTITY = "partition-identity";

  /**
   * The key by which runs tell the rows of a partitioned table apart; SourceTables has the same.
   */
  private static final String KEYS =
      Relation.TREES
          + """
          SELECT captured.nsp, captured.rel, k.indisprimary,
            ARRAY(SELECT a.attname::text FROM pg_catalog.pg_attribute a
              WHERE a.attrelid = c.oid
              AND a.attnum = ANY ((k.indkey::int2[])[0:k.indnkeyatts - 1])) AS columns
          FROM captured
          JOIN pg_catalog.pg_class c ON c.oid = captured.oid AND c.relkind = 'p'
          JOIN pg_catalog.pg_index k ON k.indrelid = c.oid AND k.indisvalid
            AND CASE WHEN c.relreplident = 'i' THEN k.indisreplident ELSE k.indisprimary END
          ORDER BY captured.place
          """;

  private PartitionChecks() {}

  /**
   * Deletes bring what identifies a row in its partition. ALTER TABLE ... REPLICA IDENTITY of the
   * table above reaches none of its partitions.
   */
  public static List<Finding> identity(Source source) throws SQLException {
    if (!source.hasPartitions()) {
      return identical();
    }
    Map<TableName, List<String>> lacking = new LinkedHashMap<>();
    Map<TableName, List<String>> remedies = new LinkedHashMap<>();
    source.rows(
        KEYS,
        row -> {
          TableName table = new TableName(row.getString("nsp"), row.getString("rel"));
          List<String> key = Source.strings(row, "columns");
          boolean primary = row.getBoolean("indisprimary");
          for (ReplicaIdentity identity : ReplicaIdentity.of(source, table)) {
            if (identity.lack() == null
                && !identity.whole()
                && !identity.columns().containsAll(key)) {
              lacking
                  .computeIfAbsent(table, name -> new ArrayList<>())
                  .add(identity.relation().display());
              remedies
                  .computeIfAbsent(table, name -> new ArrayList<>())
                  .add(
                      "ALTER TABLE %s REPLICA IDENTITY %s;"
                          .formatted(
                              identity.relation().quoted(),
                              primary && identity.key() ? "DEFAULT" : "FULL"));
            }
          }
          return table;
        },
        source.tableArrays());
    if (lacking.isEmpty()) {
      return identical();
    }
    return lacking.entrySet().stream()
        .map(
            table ->
                Finding.warning(
                        IDENTITY,
                        "Partitions of %s identify rows by other columns than its key: %s."
                            .formatted(table.getKey(), String.join(", ", table.getValue())),
                        "A delete in them does not tell which row it was, so each run that meets"
                            + " one reads the whole table anew. REPLICA IDENTITY of a partitioned"
                            + " table reaches none of its partitions.")
                    .withSql(requireNonNull(remedies.get(table.getKey())).toArray(String[]::new)))
        .toList();
  }

  private static List<Finding> identical() {
    return List.of(Finding.ok(IDENTITY, "All partitions identify rows by their table's key."));
  }

  /** A snapshot holds their rows; changes are made on another server and never come. */
  public static List<Finding> foreign(Source source) throws SQLException {
    if (!source.hasPartitions()) {
      return none();
    }
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
      return none();
    }
    return foreign.entrySet().stream()
        .map(
            table ->
                Finding.warning(
                        NAME,
                        "Partitions of %s are foreign tables: %s."
                            .formatted(table.getKey(), Source.names(table.getValue())),
                        "Their rows are on another server: they stay as the last snapshot found"
                            + " them. Detach them, or read the table anew from time to time.")
                    .withCommand("./gkp_cli offsets reset --table " + table.getKey()))
        .toList();
  }

  private static List<Finding> none() {
    return List.of(Finding.ok(NAME, "No captured table has foreign partitions."));
  }
}
