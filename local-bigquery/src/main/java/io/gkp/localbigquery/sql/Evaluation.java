package io.gkp.localbigquery.sql;

import com.google.protobuf.Message;
import com.google.zetasql.LocalService.TableContent;
import com.google.zetasql.LocalService.TableData;
import com.google.zetasql.SimpleCatalogProtos.SimpleCatalogProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A query ready to be evaluated on what is passed for its tables. */
final class Evaluation {
  private final ZetaSql zetaSql;
  private final String sql;
  private final SimpleCatalogProto catalog;
  private final Parameters parameters;
  private final List<TypeProto> types;
  private final boolean valueTable;

  Evaluation(
      ZetaSql zetaSql,
      Expansion query,
      Message statement,
      Map<String, TableScan> scans,
      Parameters parameters) {
    this.zetaSql = zetaSql;
    this.sql = query.render(table -> scans.get(Expansion.key(table)).from());
    Catalogs passed = new Catalogs();
    scans.forEach((key, scan) -> passed.add(List.of(key), key, scan.passedColumns()));
    this.catalog = passed.build();
    this.parameters = parameters;
    this.types = OutputColumns.types(statement);
    this.valueTable = OutputColumns.isStructTable(statement);
  }

  List<Object[]> rows(Map<String, TableContent> contents) {
    TableData data = zetaSql.query(sql, catalog, parameters, contents);
    List<Object[]> rows = new ArrayList<>(data.getRowCount());
    for (TableData.Row encoded : data.getRowList()) {
      Object[] row = new Object[types.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = ValueDecoder.decode(types.get(i), encoded.getCell(i));
      }
      rows.add(valueTable ? fields(row[0]) : row);
    }
    return rows;
  }

  private Object[] fields(Object struct) {
    return struct == null
        ? new Object[types.get(0).getStructType().getFieldCount()]
        : (Object[]) struct;
  }
}
