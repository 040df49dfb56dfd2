package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.source.table.PublicationSql;
import io.gkp.name.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Checks of generated columns. */
final class GeneratedChecks {
  private static final int SENT_SINCE = 180000;

  private GeneratedChecks() {}

  /** A generated column that the stream does not bring. */
  private record Missing(
      TableName table, String name, boolean isStored, boolean isKey, boolean isListed) {}

  /**
   * Generated columns that the stream does not bring; neither do snapshots, whose values would be
   * outdated by the next change.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/current/logical-replication-gencols.html">PostgreSQL:
   *     generated column replication</a>
   */
  static List<Finding> sent(Source source) throws SQLException {
    String name = "generated-columns";
    List<Finding> findings = new ArrayList<>();
    List<Missing> all = missing(source);
    for (TableName table : source.config().tables()) {
      List<Missing> missing = all.stream().filter(column -> column.table().equals(table)).toList();
      if (!missing.isEmpty()) {
        findings.add(finding(name, source, table, missing));
      }
      List<String> keys = missing.stream().filter(Missing::isKey).map(Missing::name).toList();
      if (!keys.isEmpty()) {
        findings.add(
            Finding.warning(
                name,
                "The key of %s holds generated columns that do not arrive: %s."
                    .formatted(table, String.join(", ", keys)),
                "What arrives of it tells no rows apart, so there is no latest state of the table."
                    + " Create a unique index over columns that are not generated and are NOT NULL,"
                    + " and ALTER TABLE "
                    + table.quoted()
                    + " REPLICA IDENTITY USING INDEX it: the next run reads the table anew."));
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(name, "All generated columns of the captured tables arrive."))
        : findings;
  }

  private static Finding finding(String name, Source source, TableName table, List<Missing> missing)
      throws SQLException {
    boolean virtual = missing.stream().anyMatch(column -> !column.isStored());
    String why;
    if (source.version() < SENT_SINCE) {
      why = "PostgreSQL sends generated columns from version 18 on.";
    } else if (virtual) {
      why = "PostgreSQL never sends those that are not STORED.";
    } else if (missing.get(0).isListed()) {
      why = "The table's list of columns in the publication leaves them out.";
    } else {
      why = "The publication leaves generated columns out.";
    }
    Finding finding =
        Finding.warning(
            name,
            "Generated columns of %s do not arrive, and are not exported: %s."
                .formatted(
                    table, missing.stream().map(Missing::name).collect(Collectors.joining(", "))),
            why + " Exclude them to say that this is meant, or compute them in a view.");
    boolean mendable =
        source.version() >= SENT_SINCE
            && missing.stream().anyMatch(column -> column.isStored() && !column.isListed());
    return mendable
        ? finding.withSql(
            "ALTER PUBLICATION "
                + TableName.quote(source.config().publication())
                + " SET (publish_generated_columns = stored);")
        : finding;
  }

  private static List<Missing> missing(Source source) throws SQLException {
    PublicationSql publishing = PublicationSql.of(source.connection());
    return source
        .rows(
            "SELECT n.nspname, c.relname, a.attname, a.attgenerated = 's',"
                + " EXISTS (SELECT FROM pg_catalog.pg_index k"
                + " WHERE k.indrelid = c.oid AND k.indisvalid"
                + " AND CASE WHEN c.relreplident = 'i' THEN k.indisreplident ELSE k.indisprimary END"
                + " AND a.attnum = ANY ((k.indkey::int2[])[0:k.indnkeyatts - 1])), "
                + publishing.listed()
                + " FROM unnest(?::text[], ?::text[]) AS named(nsp, rel)"
                + " JOIN pg_catalog.pg_namespace n ON n.nspname = named.nsp"
                + " JOIN pg_catalog.pg_class c ON c.relnamespace = n.oid AND c.relname = named.rel"
                + " JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0"
                + "   AND NOT a.attisdropped AND a.attgenerated <> ''"
                + publishing.joins()
                + " WHERE NOT COALESCE("
                + publishing.sent()
                + ", false) ORDER BY a.attnum",
            row ->
                new Missing(
                    new TableName(row.getString(1), row.getString(2)),
                    row.getString(3),
                    row.getBoolean(4),
                    row.getBoolean(5),
                    row.getBoolean(6)),
            source.tableArrays(source.config().publication()))
        .stream()
        .filter(
            column ->
                !source.config().protection().excludedOf(column.table()).contains(column.name()))
        .toList();
  }
}
