package io.gkp.localbigquery.sql.dml;

import com.google.protobuf.Message;
import com.google.zetasql.ResolvedArrayScanProto;
import com.google.zetasql.ResolvedMergeStmtProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Expander;
import io.gkp.localbigquery.sql.value.SqlTypes;

/**
 * USING of a MERGE, each of its rows marked.
 *
 * @param alias quoted
 * @param from a FROM item under that alias
 */
record MergeSource(String alias, String from) {
  private static final String UNNAMED = "_source_";

  static MergeSource of(
      ResolvedMergeStmtProto merge, Message source, SqlText text, String markColumn) {
    Message path = Trees.child(source, "path_expr");
    Message subquery = Trees.child(source, "subquery");
    Message unnest = Trees.child(source, "unnest_expr");
    if (path == null && subquery == null && unnest == null) {
      throw ApiException.notImplemented("MERGE using anything but a table or a subquery");
    }
    String inner =
        unnest != null
            ? text.of(source)
            : path == null ? "(\n" + text.of(subquery) + "\n)" : text.of(path);
    Message alias = Trees.child(source, "alias");
    String name = path == null ? UNNAMED : Expander.lastPart(text.of(path));
    // The alias of UNNEST names the elements. Where these are no STRUCTs it is a column.
    if (alias != null && (unnest == null || hasStructs(merge))) {
      name = Expander.lastPart(text.of(Trees.child(alias, "identifier")));
    }
    String quoted = SqlTypes.quote(name);
    return new MergeSource(
        quoted,
        "(SELECT *, ROW_NUMBER() OVER () AS " + markColumn + " FROM " + inner + ") AS " + quoted);
  }

  private static boolean hasStructs(ResolvedMergeStmtProto merge) {
    return Trees.unwrap(merge.getFromScan()) instanceof ResolvedArrayScanProto array
        && array.getElementColumnList(0).getType().getTypeKind() == TypeKind.TYPE_STRUCT;
  }
}
