package io.gkp.connector.doctor;

import io.gkp.connector.config.SourceConfig;
import io.gkp.connector.config.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** What a server needs that has never heard of the export. */
final class FirstSetUp {
  private FirstSetUp() {}

  /** The role has no password: whoever runs this sets one, with {@code \password} in psql. */
  static String[] statements(SourceConfig source) {
    String role = TableName.quote(source.user());
    String tables =
        source.tables().stream().map(TableName::quoted).collect(Collectors.joining(", "));
    List<String> sql = new ArrayList<>();
    sql.add("CREATE ROLE " + role + " LOGIN REPLICATION;");
    source.tables().stream()
        .map(TableName::schema)
        .distinct()
        .forEach(
            schema ->
                sql.add("GRANT USAGE ON SCHEMA " + TableName.quote(schema) + " TO " + role + ";"));
    sql.add("GRANT SELECT ON " + tables + " TO " + role + ";");
    sql.add(
        "CREATE PUBLICATION "
            + TableName.quote(source.publication())
            + " FOR TABLE "
            + tables
            + " WITH (publish_via_partition_root = true);");
    sql.add(
        "ALTER SYSTEM SET wal_level = 'logical';"
            + " -- Restart the server then (Cloud SQL: the flag cloudsql.logical_decoding=on).");
    sql.add(
        "ALTER SYSTEM SET max_slot_wal_keep_size = '50GB';"
            + " -- Unless it is set already; what the disk can hold.");
    return sql.toArray(String[]::new);
  }
}
