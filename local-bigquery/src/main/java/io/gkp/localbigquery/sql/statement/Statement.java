package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Table;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedTableScanProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.storage.Session;
import java.util.List;

/**
 * A statement on its way through the engine.
 *
 * <p>original as it was sent sql as it was analyzed: the same but for quotes around paths names
 * that it may read, each as the parts of its path
 */
public record Statement(
    Session session,
    String original,
    String sql,
    List<List<String>> names,
    Scope scope,
    Parameters parameters,
    Expansion expansion,
    boolean dryRun) {

  /** The table that DML changes. Throws {@code invalidQuery} for what cannot be changed. */
  public Table target() {
    Message scan = Trees.child(expansion.statement(), "table_scan");
    String key = ((ResolvedTableScanProto) scan).getTable().getName();
    if (expansion.target() instanceof Relation.View view && view.hidesRows()) {
      // Who changes a table changes all of it.
      return view.table();
    }
    if (expansion.target() instanceof Relation.Stored stored) {
      if (stored.table().getSnapshotDefinition() != null) {
        throw ApiException.invalidQuery(
            "Cannot modify "
                + TableName.display(stored.table().getTableReference())
                + ": a snapshot is read-only");
      }
      return stored.table();
    }
    throw ApiException.invalidQuery("Cannot modify " + key.substring(1) + ": it is not a table");
  }
}
