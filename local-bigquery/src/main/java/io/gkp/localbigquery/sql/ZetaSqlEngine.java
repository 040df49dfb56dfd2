package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableSchema;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedQueryStmtProto;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.Optional;

/** GoogleSQL by Google's own analyzer and reference engine. */
public final class ZetaSqlEngine implements SqlEngine {
  private final ZetaSql zetaSql = ZetaSql.instance();
  private final Expander expander;
  private final QueryRunner queries;
  private final Ddl ddl;
  private final CreateTables createTables;
  private final CreateViews createViews;
  private final Dml dml;

  public ZetaSqlEngine(Warehouse warehouse) {
    TableOptions options = new TableOptions(zetaSql);
    this.expander = new Expander(zetaSql, warehouse);
    this.queries = new QueryRunner(zetaSql, warehouse);
    this.ddl = new Ddl(warehouse, options);
    this.createTables = new CreateTables(zetaSql, warehouse, options, expander, queries);
    this.createViews = new CreateViews(zetaSql, warehouse, options, expander);
    this.dml = new Dml(zetaSql, warehouse, expander, queries);
  }

  @Override
  public StatementResult execute(SqlRequest request) {
    String sql = Placeholders.named(QuotedPaths.unquote(request.sql()));
    Parameters parameters = Parameters.of(request.parameters());
    ZetaSql.NextStatement next = zetaSql.next(sql, 0);
    Scope scope = Scope.of(request);
    Expansion expansion = expander.expand(sql, next.tables(), scope, parameters);
    return run(
        new Statement(
            request.sql(), sql, next.tables(), scope, parameters, expansion, request.dryRun()));
  }

  private StatementResult run(Statement context) {
    Message statement = context.expansion().statement();
    if (statement instanceof ResolvedQueryStmtProto) {
      return select(context);
    }
    return Optional.<StatementResult>empty()
        .or(() -> createTables.run(statement, context))
        .or(() -> createViews.run(statement, context))
        .or(() -> ddl.run(statement, context))
        .or(() -> dml.run(statement, context))
        .orElseThrow(() -> ApiException.notImplemented(name(statement)));
  }

  private StatementResult select(Statement context) {
    QueryRunner.Result result =
        queries.run(context.expansion(), context.parameters(), context.dryRun());
    return new StatementResult(
        "SELECT",
        new TableSchema().setFields(result.fields()),
        result.rows(),
        -1,
        result.bytes(),
        result.referenced(),
        null,
        null);
  }

  private static String name(Message statement) {
    return statement
        .getDescriptorForType()
        .getName()
        .replaceAll("^Resolved|StmtProto$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toUpperCase(java.util.Locale.ROOT);
  }
}
