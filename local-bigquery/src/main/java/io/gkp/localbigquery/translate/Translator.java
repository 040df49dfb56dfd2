package io.gkp.localbigquery.translate;

import com.google.zetasql.Type;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import com.google.zetasql.resolvedast.ResolvedColumn;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedOutputColumn;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedQueryStmt;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.storage.ColumnTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns what Google's analyzer understood of a query into SQL for DuckDB that gives the same rows.
 *
 * <p>Start reading at {@link Scans} and {@link Expressions}. Each function is looked up in {@link
 * FunctionTable}, which says whether DuckDB computes it, one of our {@link Macros}, or ZetaSQL
 * itself ({@link ZetaFunctions}).
 */
public final class Translator {
  private final ZetaFunctions zeta;

  public Translator(ZetaFunctions zeta) {
    this.zeta = zeta;
  }

  /**
   * SQL that yields the query's rows in columns named by their positions, arrays never NULL.
   *
   * @param parameters by name, in lower case
   * @throws ApiException {@code notImplemented} (501) for what cannot be translated
   */
  public String query(
      ResolvedQueryStmt query, Sources sources, Map<String, ValueProto> parameters) {
    Translation translation = new Translation(sources, parameters, zeta);
    List<ResolvedOutputColumn> output = query.getOutputColumnList();
    List<String> items = new ArrayList<>();
    List<Type> types = new ArrayList<>();
    if (query.getIsValueTable() && output.get(0).getColumn().getType().isStruct()) {
      ResolvedColumn struct = output.get(0).getColumn();
      for (int i = 0; i < struct.getType().asStruct().getFieldCount(); i++) {
        Type type = struct.getType().asStruct().getField(i).getType();
        types.add(type);
        items.add(ColumnTypes.field(Scans.name(struct), i));
      }
    } else {
      for (ResolvedOutputColumn column : output) {
        types.add(column.getColumn().getType());
        items.add(Scans.name(column.getColumn()));
      }
    }
    List<String> named = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      Type type = types.get(i);
      // A NULL may have lost its type on the way.
      named.add(
          "CAST("
              + Results.value(type, items.get(i))
              + " AS "
              + Types.duck(type)
              + ") AS "
              + ColumnTypes.column(i));
    }
    return translation.scans().ordered(query.getQuery(), String.join(", ", named));
  }
}
