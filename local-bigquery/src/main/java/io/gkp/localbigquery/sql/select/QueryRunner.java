package io.gkp.localbigquery.sql.select;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedStatementProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedQueryStmt;
import io.gkp.localbigquery.sql.analysis.BigQueryRules;
import io.gkp.localbigquery.sql.analysis.OutputColumns;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.statement.Catalogs;
import io.gkp.localbigquery.sql.statement.Expansion;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.StatementTables;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Staged;
import io.gkp.localbigquery.storage.Warehouse;
import io.gkp.localbigquery.translate.ResolvedAst;
import io.gkp.localbigquery.translate.Translator;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs queries: has them analyzed, translated, and evaluated by DuckDB. */
public final class QueryRunner {
  private final ZetaSql zetaSql;
  private final Warehouse warehouse;
  private final ResolvedAst ast;
  private final Translator translator;

  public QueryRunner(ZetaSql zetaSql, Warehouse warehouse, ResolvedAst ast, Translator translator) {
    this.zetaSql = zetaSql;
    this.warehouse = warehouse;
    this.ast = ast;
    this.translator = translator;
  }

  /**
   * @param fields of the rows
   * @param type of a row, a STRUCT
   * @param rows {@code null} in a dry run
   */
  public record Result(
      List<TableFieldSchema> fields,
      TypeProto type,
      Staged rows,
      long bytes,
      List<TableReference> referenced) {}

  public Result run(Session session, Expansion query, Parameters parameters, boolean dryRun) {
    Catalogs catalog = new Catalogs();
    Map<String, Relation> tables = query.tables();
    tables.forEach((key, table) -> catalog.add(List.of(key), key, table.columns()));
    query.functions().declare(catalog);
    AnyResolvedStatementProto analyzed =
        zetaSql.analyzeExpanded(query.sql(), catalog.build(), parameters);
    Message statement = Trees.unwrap(analyzed);
    BigQueryRules.check(statement);
    Constants constants = new Constants(zetaSql, query.sql(), parameters);
    List<TableScan> scans = scans(query, statement, constants);
    List<TableFieldSchema> fields = OutputColumns.of(query.statement());
    List<TableReference> referenced = List.copyOf(query.referenced().values());
    ResolvedQueryStmt resolved = (ResolvedQueryStmt) ast.of(analyzed);
    List<Relation> numbered = List.copyOf(tables.values());
    return warehouse.lookingUp(
        () -> {
          StatementTables sources = new StatementTables(session, warehouse, numbered);
          String sql = translator.query(resolved, sources, parameters.byName());
          Staged rows = dryRun ? null : session.stage(sql, Column.of(fields));
          long bytes =
              scans.stream().mapToLong(scan -> ScanBytes.of(session, warehouse, scan)).sum();
          return new Result(fields, OutputColumns.row(query.statement()), rows, bytes, referenced);
        });
  }

  private List<TableScan> scans(Expansion query, Message statement, Constants constants) {
    Map<String, Set<Integer>> live = Liveness.of(statement);
    Conditions conditions = new Conditions(constants);
    Map<String, List<List<ColumnTest>>> tests = Pushdown.of(statement, conditions);
    List<TableScan> scans = new ArrayList<>();
    query
        .tables()
        .forEach(
            (key, table) ->
                scans.add(
                    TableScan.of(
                        table,
                        live.getOrDefault(key, Set.of()),
                        tests.getOrDefault(key, List.of()))));
    return scans;
  }
}
