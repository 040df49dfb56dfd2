package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.LocalService.TableContent;
import com.google.zetasql.LocalService.TableData;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs queries: finds out what they read, reads it, has it evaluated. */
final class QueryRunner {
  private final ZetaSql zetaSql;
  private final TableReader reader;

  QueryRunner(ZetaSql zetaSql, Warehouse warehouse) {
    this.zetaSql = zetaSql;
    this.reader = new TableReader(warehouse);
  }

  /**
   * @param fields of the rows
   * @param rows none in a dry run
   */
  record Result(
      List<TableFieldSchema> fields,
      List<Object[]> rows,
      long bytes,
      List<TableReference> referenced) {}

  Result run(Expansion query, Parameters parameters, boolean dryRun) {
    Catalogs catalog = new Catalogs();
    query.tables().forEach((key, table) -> catalog.add(List.of(key), key, table.fields()));
    Message statement = zetaSql.analyzeExpanded(query.sql(), catalog.build(), parameters);
    Map<String, TableScan> scans = new HashMap<>();
    Map<String, Set<Integer>> live = Liveness.of(statement);
    Conditions conditions = new Conditions(new Constants(zetaSql, query.sql(), parameters));
    Map<String, List<List<ColumnTest>>> tests = Pushdown.of(statement, conditions);
    query
        .tables()
        .forEach(
            (key, table) ->
                scans.put(
                    key,
                    TableScan.of(
                        table,
                        live.getOrDefault(key, Set.of()),
                        tests.getOrDefault(key, List.of()))));
    List<TableFieldSchema> fields = OutputColumns.of(query.statement());
    List<TableReference> referenced = List.copyOf(query.referenced().values());
    if (dryRun) {
      long bytes = scans.values().stream().mapToLong(reader::countBytes).sum();
      return new Result(fields, List.of(), bytes, referenced);
    }
    long bytes = 0;
    Map<String, TableContent> contents = new HashMap<>();
    for (TableScan scan : scans.values()) {
      TableReader.Read read = reader.read(scan);
      bytes += read.bytes();
      contents.put(scan.key(), read.content());
    }
    List<Object[]> rows =
        evaluate(query, parameters, scans, contents, OutputColumns.types(statement));
    return new Result(fields, rows, bytes, referenced);
  }

  private List<Object[]> evaluate(
      Expansion query,
      Parameters parameters,
      Map<String, TableScan> scans,
      Map<String, TableContent> contents,
      List<TypeProto> types) {
    Catalogs passed = new Catalogs();
    scans.forEach((key, scan) -> passed.add(List.of(key), key, scan.passedColumns()));
    String sql = query.render(table -> scans.get(Expansion.key(table)).from());
    TableData data = zetaSql.query(sql, passed.build(), parameters, contents);
    List<Object[]> rows = new ArrayList<>(data.getRowCount());
    for (TableData.Row encoded : data.getRowList()) {
      Object[] row = new Object[types.size()];
      for (int i = 0; i < row.length; i++) {
        row[i] = ValueDecoder.decode(types.get(i), encoded.getCell(i));
      }
      rows.add(row);
    }
    return rows;
  }
}
