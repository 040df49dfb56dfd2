package io.gkp.localbigquery.sql.dml;

import com.google.protobuf.Message;
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

  static MergeSource of(Message source, SqlText text, String markColumn) {
    Message path = Trees.child(source, "path_expr");
    Message subquery = Trees.child(source, "subquery");
    if (path == null && subquery == null) {
      throw ApiException.notImplemented("MERGE using anything but a table or a subquery");
    }
    String inner = path == null ? "(\n" + text.of(subquery) + "\n)" : text.of(path);
    Message alias = Trees.child(source, "alias");
    String name = path == null ? UNNAMED : Expander.lastPart(text.of(path));
    if (alias != null) {
      name = Expander.lastPart(text.of(Trees.child(alias, "identifier")));
    }
    String quoted = SqlTypes.quote(name);
    return new MergeSource(
        quoted,
        "(SELECT *, ROW_NUMBER() OVER () AS " + markColumn + " FROM " + inner + ") AS " + quoted);
  }
}
