package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.LocalService.TableContent;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Runs queries: finds out what they read, reads it, has it evaluated. */
final class QueryRunner {
  /** Of a table that is passed in pieces; the rest of a request has room beside it. */
  private static final int PIECE_BYTES = ZetaSql.MAX_REQUEST_BYTES * 3 / 4;

  private final ZetaSql zetaSql;
  private final Warehouse warehouse;
  private final TableReader reader;

  QueryRunner(ZetaSql zetaSql, Warehouse warehouse) {
    this.zetaSql = zetaSql;
    this.warehouse = warehouse;
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
    BigQueryRules.check(statement);
    Map<String, TableScan> scans = scans(query, statement, parameters);
    Evaluation evaluation = new Evaluation(zetaSql, query, statement, scans, parameters);
    List<TableFieldSchema> fields = OutputColumns.of(query.statement());
    List<TableReference> referenced = List.copyOf(query.referenced().values());
    if (dryRun) {
      long bytes = scans.values().stream().mapToLong(reader::countBytes).sum();
      return new Result(fields, List.of(), bytes, referenced);
    }
    TableScan only = scans.size() == 1 ? scans.values().iterator().next() : null;
    if (only != null && only.isStored() && RowCount.isAskedBy(statement)) {
      Object[] count = {warehouse.rowCount(only.table().reference())};
      return new Result(fields, List.<Object[]>of(count), 0, referenced);
    }
    Optional<RowWise> rowWise = RowWise.of(statement);
    List<Object[]> rows = new ArrayList<>();
    long bytes =
        rowWise.isPresent()
            ? inPieces(only, evaluation, rowWise.get().limit(), rows)
            : atOnce(scans, evaluation, rows);
    return new Result(fields, rows, bytes, referenced);
  }

  private Map<String, TableScan> scans(Expansion query, Message statement, Parameters parameters) {
    Map<String, Set<Integer>> live = Liveness.of(statement);
    Conditions conditions = new Conditions(new Constants(zetaSql, query.sql(), parameters));
    Map<String, List<List<ColumnTest>>> tests = Pushdown.of(statement, conditions);
    Map<String, TableScan> scans = new HashMap<>();
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
    return scans;
  }

  private long atOnce(Map<String, TableScan> scans, Evaluation evaluation, List<Object[]> rows) {
    long bytes = 0;
    Map<String, TableContent> contents = new HashMap<>();
    for (TableScan scan : scans.values()) {
      try (TablePieces pieces = reader.open(scan, ZetaSql.MAX_REQUEST_BYTES)) {
        contents.put(scan.key(), pieces.next());
        if (pieces.hasNext()) {
          throw SqlErrors.tooLarge();
        }
        bytes += pieces.bytes();
      }
    }
    rows.addAll(evaluation.rows(contents));
    return bytes;
  }

  private long inPieces(TableScan scan, Evaluation evaluation, long limit, List<Object[]> rows) {
    try (TablePieces pieces = reader.open(scan, PIECE_BYTES)) {
      while (rows.size() < limit && pieces.hasNext()) {
        List<Object[]> more = evaluation.rows(Map.of(scan.key(), pieces.next()));
        rows.addAll(more.subList(0, (int) Math.min(more.size(), limit - rows.size())));
      }
      pieces.skipRest();
      return pieces.bytes();
    }
  }
}
