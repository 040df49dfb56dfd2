package io.gkp.connector.doctor;

import io.gkp.connector.config.SourceConfig;
import io.gkp.name.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a server needs that has never heard of the export. */
final class FirstSetUp {
  private FirstSetUp() {}

  /**
   * The role has no password: whoever runs this sets one, with {@code \password} in psql. Nothing
   * is known of the server, so what may be there already is left as it is, and tables are published
   * only where that cannot make the application fail; doctor says the rest once it can log in.
   */
  static String[] statements(SourceConfig source) {
    String role = TableName.quote(source.user());
    List<String> sql = new ArrayList<>();
    sql.add(
        block(
            "IF NOT EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = "
                + literal(source.user())
                + ") THEN CREATE ROLE "
                + role
                + "; END IF; ALTER ROLE "
                + role
                + " LOGIN; IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname ="
                + " 'rds_replication') THEN GRANT rds_replication TO "
                + role
                + "; ELSE ALTER ROLE "
                + role
                + " REPLICATION; END IF; IF EXISTS (SELECT FROM pg_catalog.pg_roles WHERE rolname = "
                + literal(source.user())
                + " AND rolvaliduntil < now()) THEN ALTER ROLE "
                + role
                + " VALID UNTIL 'infinity'; END IF;"));
    source.tables().stream()
        .map(TableName::schema)
        .distinct()
        .forEach(
            schema ->
                sql.add("GRANT USAGE ON SCHEMA " + TableName.quote(schema) + " TO " + role + ";"));
    source
        .tables()
        .forEach(table -> sql.add("GRANT SELECT ON " + table.quoted() + " TO " + role + ";"));
    sql.add(publication(source));
    sql.add(
        "ALTER SYSTEM SET wal_level = 'logical';"
            + " -- Restart the server then. A managed server has a setting outside of it: Cloud SQL"
            + " cloudsql.logical_decoding=on, AlloyDB alloydb.logical_decoding=on, Amazon"
            + " rds.logical_replication=1, Azure wal_level.");
    sql.add(
        "ALTER SYSTEM SET max_slot_wal_keep_size = '50GB';"
            + " -- Unless it is set already; what the disk can hold.");
    return sql.toArray(String[]::new);
  }

  /**
   * Of plain tables with a primary key that is their replica identity; see the runbook, GKP-113.
   */
  private static String publication(SourceConfig source) {
    String tables =
        source.tables().stream().map(TableName::quoted).collect(Collectors.joining(", "));
    String names =
        source.tables().stream()
            .map(table -> literal(table.quoted()))
            .collect(Collectors.joining(", "));
    return block(
        "IF NOT EXISTS (SELECT FROM pg_catalog.pg_publication WHERE pubname = "
            + literal(source.publication())
            + ") AND NOT EXISTS (SELECT FROM unnest(ARRAY["
            + names
            + "]) name WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_index"
            + " i ON i.indrelid = c.oid WHERE c.oid = to_regclass(name) AND c.relkind = 'r' AND"
            + " c.relreplident = 'd' AND i.indisprimary AND i.indimmediate AND i.indisvalid)) THEN"
            + " CREATE PUBLICATION "
            + TableName.quote(source.publication())
            + " FOR TABLE "
            + tables
            + " WITH (publish_via_partition_root = true); END IF;");
  }

  /** In one line: a script is read by people. */
  private static String block(String statements) {
    return "DO " + literal("BEGIN " + statements + " END") + ";";
  }

  private static String literal(String text) {
    return "'" + text.replace("'", "''") + "'";
  }
}
