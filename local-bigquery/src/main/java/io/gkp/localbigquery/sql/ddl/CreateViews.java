package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.MaterializedViewDefinition;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.api.services.bigquery.model.ViewDefinition;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedColumnDefinitionProto;
import com.google.zetasql.ResolvedCreateMaterializedViewStmtProto;
import com.google.zetasql.ResolvedCreateViewBaseProto;
import com.google.zetasql.ResolvedCreateViewStmtProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.AstNodes;
import io.gkp.localbigquery.sql.analysis.OutputColumns;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.statement.Expander;
import io.gkp.localbigquery.sql.statement.Expansion;
import io.gkp.localbigquery.sql.statement.Scope;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.sql.text.Lexer;
import io.gkp.localbigquery.sql.text.Spellings;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.List;
import java.util.Optional;

/**
 * CREATE VIEW and CREATE MATERIALIZED VIEW. The rows of the latter are always those of its query:
 * nothing is kept of them.
 */
public final class CreateViews {
  private final ZetaSql zetaSql;
  private final Warehouse warehouse;
  private final TableOptions options;
  private final Expander expander;

  public CreateViews(
      ZetaSql zetaSql, Warehouse warehouse, TableOptions options, Expander expander) {
    this.zetaSql = zetaSql;
    this.warehouse = warehouse;
    this.options = options;
    this.expander = expander;
  }

  public Optional<StatementResult> run(Message statement, Statement context) {
    if (statement instanceof ResolvedCreateViewStmtProto create) {
      return Optional.of(create("CREATE_VIEW", create.getParent(), context));
    }
    return statement instanceof ResolvedCreateMaterializedViewStmtProto create
        ? Optional.of(create("CREATE_MATERIALIZED_VIEW", create.getParent(), context))
        : Optional.empty();
  }

  private StatementResult create(String type, ResolvedCreateViewBaseProto base, Statement context) {
    TableName name = TableName.of(base.getParent().getNamePathList(), context.scope());
    Body body = analyzed(base, name, context).orElseGet(() -> read(name, context));
    Table view =
        new Table()
            .setTableReference(name.reference())
            .setType("VIEW")
            .setSchema(new TableSchema().setFields(fields(base, body.columns(), context)))
            .setView(new ViewDefinition().setQuery(body.query()).setUseLegacySql(false));
    if (type.equals("CREATE_MATERIALIZED_VIEW")) {
      view.setMaterializedView(
          new MaterializedViewDefinition().setQuery(view.getView().getQuery()));
    }
    options.apply(context.sql(), base.getOptionListList(), view);
    String operation =
        CreateTables.operation(warehouse, base.getParent().getCreateMode(), name.reference());
    requireView(operation, view);
    if (!context.dryRun() && operation.equals("CREATE")) {
      warehouse.createTable(view);
    } else if (!context.dryRun() && operation.equals("REPLACE")) {
      warehouse.putTable(view);
    }
    return new StatementResult(
        type,
        view.getSchema(),
        null,
        null,
        0,
        body.referenced(),
        name.reference(),
        operation,
        null);
  }

  /**
   * What the view is made of.
   *
   * @param query as it was sent
   */
  private record Body(
      String query, List<TableFieldSchema> columns, List<TableReference> referenced) {}

  /**
   * From the analyzed statement, if the names in it mean to the statement what they will mean to
   * those who read the view.
   */
  private static Optional<Body> analyzed(
      ResolvedCreateViewBaseProto base, TableName name, Statement context) {
    boolean isAsRead =
        context.parameters().isNone() && context.scope().equals(Scope.insideView(name.project()));
    return isAsRead
        ? asSent(context.original(), base.getSql())
            .map(
                query ->
                    new Body(
                        query,
                        OutputColumns.of(base),
                        List.copyOf(context.expansion().referenced().values())))
        : Optional.empty();
  }

  /** What follows the first AS, if to the analyzer that is this query. */
  private static Optional<String> asSent(String createView, String query) {
    for (int i = 0; i < createView.length(); ) {
      int end = Lexer.endOfToken(createView, i);
      if (createView.substring(i, end).equalsIgnoreCase("AS")) {
        String rest = createView.substring(end);
        return Optional.of(rest.substring(Lexer.startOfText(rest)).strip())
            .filter(text -> Spellings.forZetaSql(text).equals(query));
      }
      i = end;
    }
    return Optional.empty();
  }

  /** As it will be read: tables named in full, nothing from the request around it. */
  private Body read(TableName name, Statement context) {
    String query = query(context.sql());
    Expansion body =
        expander.expand(
            query,
            zetaSql.next(query, 0).tables(),
            Scope.insideView(name.project()),
            Parameters.NONE);
    return new Body(
        query(context.original()),
        OutputColumns.of(body.statement()),
        List.copyOf(body.referenced().values()));
  }

  private String query(String createView) {
    return new SqlText(createView).of(AstNodes.child(zetaSql.parse(createView), "query"));
  }

  private List<TableFieldSchema> fields(
      ResolvedCreateViewBaseProto base, List<TableFieldSchema> fields, Statement context) {
    for (int i = 0; i < base.getColumnDefinitionListCount(); i++) {
      ResolvedColumnDefinitionProto definition = base.getColumnDefinitionList(i);
      fields.get(i).setName(definition.getName());
      options.apply(context.sql(), definition.getAnnotations().getOptionListList(), fields.get(i));
    }
    return fields;
  }

  private void requireView(String operation, Table view) {
    boolean replacesTable =
        operation.equals("REPLACE")
            && warehouse
                .table(view.getTableReference())
                .filter(t -> t.getView() == null)
                .isPresent();
    if (replacesTable) {
      throw ApiException.invalidQuery(
          TableName.display(view.getTableReference())
              + " is not allowed for this operation because it is not a view");
    }
  }
}
