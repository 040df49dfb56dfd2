package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.Table;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedTableScanProto;
import io.gkp.localbigquery.ApiException;

/**
 * A statement on its way through the engine.
 *
 * @param original as it was sent
 * @param sql as it was analyzed: the same but for quotes around paths
 * @param names that it may read, each as the parts of its path
 */
record Statement(
    String original,
    String sql,
    java.util.List<java.util.List<String>> names,
    Scope scope,
    Parameters parameters,
    Expansion expansion,
    boolean dryRun) {

  /** The table that DML changes. Throws {@code invalidQuery} for what cannot be changed. */
  Table target() {
    Message scan = Trees.child(expansion.statement(), "table_scan");
    String key = ((ResolvedTableScanProto) scan).getTable().getName();
    if (expansion.target() instanceof Relation.Stored stored) {
      return stored.table();
    }
    throw ApiException.invalidQuery("Cannot modify " + key.substring(1) + ": it is not a table");
  }

  /** A part of the statement as it was sent, where that can be told. */
  String written(int start, int end) {
    boolean sameLength = original.length() == sql.length();
    return ZetaSql.slice(sameLength ? original : sql, start, end);
  }
}
