package io.gkp.localbigquery.sql;

import com.google.zetasql.LocalService.TableData;
import com.google.zetasql.SimpleCatalogProtos.SimpleCatalogProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.sql.analysis.OutputColumns;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.statement.Catalogs;
import io.gkp.localbigquery.sql.value.ValueDecoder;
import java.util.ArrayList;
import java.util.List;

/** ZetaSQL's own engine, which shares the analyzer with the server and nothing else. */
final class ReferenceEngine {
  private static final SimpleCatalogProto NO_TABLES = new Catalogs().build();

  private ReferenceEngine() {}

  static List<List<Object>> rows(String sql) {
    ZetaSql zetaSql = ZetaSql.instance();
    List<TypeProto> types = OutputColumns.types(zetaSql.analyze(sql, NO_TABLES, Parameters.NONE));
    TableData data = zetaSql.query(sql, NO_TABLES, Parameters.NONE);
    List<List<Object>> rows = new ArrayList<>();
    for (TableData.Row row : data.getRowList()) {
      Object[] values = new Object[types.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = ValueDecoder.decode(types.get(i), row.getCell(i));
      }
      rows.add(Sandbox.list(values));
    }
    return rows;
  }
}
