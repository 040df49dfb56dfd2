package io.gkp.connector.checks.source;

import io.gkp.connector.checks.Finding;
import io.gkp.name.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Checks of values that Postgres keeps outside their rows. */
public final class WideValueChecks {
  private static final String TOAST =
      "SELECT c.relreplident = 'f' AS whole, sum(pg_relation_size(p.reltoastrelid))::bigint AS toast,"
          + " sum(pg_table_size(p.oid))::bigint AS bytes"
          + " FROM pg_catalog.pg_class c"
          + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
          + " JOIN pg_catalog.pg_class p ON p.reltoastrelid <> 0 AND (p.oid = c.oid"
          + "   OR (c.relkind = 'p'"
          + "     AND p.oid IN (SELECT relid FROM pg_partition_tree(c.oid) WHERE isleaf)))"
          + " WHERE n.nspname = ? AND c.relname = ? AND c.relkind IN ('r', 'p')"
          + " GROUP BY c.oid, c.relreplident";

  private WideValueChecks() {}

  private record Toast(boolean whole, long bytes, long ofBytes) {}

  /** What an update does not change there, the stream does not bring. */
  public static List<Finding> toast(Source source) throws SQLException {
    String name = "wide-values";
    List<Finding> findings = new ArrayList<>();
    for (TableName table : source.config().tables()) {
      for (Toast toast :
          source.rows(
              TOAST,
              row -> new Toast(row.getBoolean(1), row.getLong(2), row.getLong(3)),
              table.schema(),
              table.table())) {
        if (toast.bytes() > 0 && !toast.whole()) {
          findings.add(finding(source, name, table, toast));
        }
      }
    }
    return findings.isEmpty()
        ? List.of(Finding.ok(name, "No captured table has values that updates would leave out."))
        : findings;
  }

  private static Finding finding(Source source, String name, TableName table, Toast toast)
      throws SQLException {
    List<String> whole = IdentityChecks.wholeRows(source, table);
    Finding finding =
        Finding.ok(
            name,
            "%d%% of %s (%s) are wide values; updates leave the unchanged ones out."
                .formatted(
                    Math.round(100.0 * toast.bytes() / toast.ofBytes()),
                    table,
                    WalChecks.size(toast.bytes())),
            "The latest views fill them in; who reads the raw table finds their columns in"
                + " _cdc_unavailable."
                + (whole.isEmpty()
                    ? ""
                    : " Full identity would send them, and write whole old rows to the WAL:"));
    return finding.withSql(whole.toArray(String[]::new));
  }
}
