package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableReference;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedExprProto;
import com.google.zetasql.ParseLocationRangeProto;
import com.google.zetasql.ResolvedColumnDefinitionProto;
import com.google.zetasql.ResolvedCreateStatementProto;
import com.google.zetasql.ResolvedCreateTableAsSelectStmtProto;
import com.google.zetasql.ResolvedCreateTableStmtBaseProto;
import com.google.zetasql.ResolvedCreateTableStmtProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.resolvedast.ResolvedCreateStatementEnums.CreateMode;
import com.google.zetasql.resolvedast.ResolvedCreateStatementEnums.CreateScope;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.AstNodes;
import io.gkp.localbigquery.sql.analysis.OutputColumns;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.select.QueryRunner;
import io.gkp.localbigquery.sql.statement.Coercion;
import io.gkp.localbigquery.sql.statement.Expander;
import io.gkp.localbigquery.sql.statement.Expansion;
import io.gkp.localbigquery.sql.statement.Partitioning;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.Results;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.sql.value.ColumnCast;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** CREATE TABLE, with or without a query. */
public final class CreateTables {
  private final ZetaSql zetaSql;
  private final Warehouse warehouse;
  private final TableOptions options;
  private final Expander expander;
  private final QueryRunner queries;

  public CreateTables(
      ZetaSql zetaSql,
      Warehouse warehouse,
      TableOptions options,
      Expander expander,
      QueryRunner queries) {
    this.zetaSql = zetaSql;
    this.warehouse = warehouse;
    this.options = options;
    this.expander = expander;
    this.queries = queries;
  }

  public Optional<StatementResult> run(Message statement, Statement context) {
    if (statement instanceof ResolvedCreateTableStmtProto create) {
      Table table =
          definition(
              create.getParent(),
              create.getPartitionByListList(),
              create.getClusterByListList(),
              context);
      return Optional.of(create(create.getParent(), table, context));
    }
    if (statement instanceof ResolvedCreateTableAsSelectStmtProto create) {
      Table table =
          definition(
              create.getParent(),
              create.getPartitionByListList(),
              create.getClusterByListList(),
              context);
      return Optional.of(createAsSelect(create, table, context));
    }
    return Optional.empty();
  }

  private Table definition(
      ResolvedCreateTableStmtBaseProto base,
      List<AnyResolvedExprProto> partitionBy,
      List<AnyResolvedExprProto> clusterBy,
      Statement context) {
    List<String> path = base.getParent().getNamePathList();
    TableReference reference =
        base.getParent().getCreateScope() == CreateScope.CREATE_TEMP
            ? context.scope().temporaries().newTable(path)
            : TableName.of(path, context.scope()).reference();
    Table table = new Table().setTableReference(reference).setType("TABLE");
    if (base.hasLikeTable() && !base.getLikeTable().getName().isEmpty()) {
      like(context.expansion().named().get(base.getLikeTable().getName()), table);
    } else {
      List<TableFieldSchema> fields =
          new ColumnDefinitions(options).fields(context.sql(), base.getColumnDefinitionListList());
      table.setSchema(new TableSchema().setFields(fields));
      Partitioning.partition(partitionBy, table);
      Partitioning.cluster(clusterBy, table);
    }
    Constraints.of(base, table, context);
    if (base.hasCollationName()) {
      table.setDefaultCollation(TableOptions.collation(base.getCollationName()));
    }
    options.apply(context.sql(), base.getOptionListList(), table);
    return table;
  }

  private static void like(Relation model, Table table) {
    table.setSchema(new TableSchema().setFields(model.fields()));
    if (model instanceof Relation.Stored stored) {
      table
          .setTimePartitioning(stored.table().getTimePartitioning())
          .setRangePartitioning(stored.table().getRangePartitioning())
          .setRequirePartitionFilter(stored.table().getRequirePartitionFilter())
          .setClustering(stored.table().getClustering())
          .setDescription(stored.table().getDescription());
    }
  }

  private StatementResult create(
      ResolvedCreateTableStmtBaseProto base, Table table, Statement context) {
    String operation = operation(base.getParent(), table.getTableReference());
    if (!context.dryRun() && operation.equals("CREATE")) {
      warehouse.createTable(table);
    } else if (operation.equals("REPLACE")) {
      Replacement.check(warehouse, table);
      if (!context.dryRun()) {
        warehouse.putTable(table);
      }
    }
    return Results.created("CREATE_TABLE", table, operation);
  }

  private StatementResult createAsSelect(
      ResolvedCreateTableAsSelectStmtProto create, Table table, Statement context) {
    String operation = operation(create.getParent().getParent(), table.getTableReference());
    if (operation.equals("SKIP")) {
      return Results.ddl("CREATE_TABLE_AS_SELECT", table.getTableReference(), operation);
    }
    if (operation.equals("REPLACE")) {
      Replacement.check(warehouse, table);
    }
    Message query = AstNodes.child(zetaSql.parse(context.sql()), "query");
    ParseLocationRangeProto range = AstNodes.range(query);
    String sql = ZetaSql.slice(context.sql(), range.getStart(), range.getEnd());
    Expansion expansion =
        expander.expand(sql, context.names(), context.scope(), context.parameters());
    List<TypeProto> types =
        create.getParent().getColumnDefinitionListList().stream()
            .map(ResolvedColumnDefinitionProto::getType)
            .toList();
    List<TableFieldSchema> fields = table.getSchema().getFields();
    boolean sameTypes = OutputColumns.types(expansion.statement()).equals(types);
    if (!sameTypes || fields.stream().anyMatch(ColumnCast::hasParameters)) {
      List<String> items = new ArrayList<>();
      for (int i = 0; i < types.size(); i++) {
        items.add(ColumnCast.checked("_" + i, fields.get(i)) + " AS _" + i);
      }
      String cast =
          "SELECT %s FROM (%s)".formatted(String.join(", ", items), Coercion.of(sql, types));
      expansion = expander.expand(cast, context.names(), context.scope(), context.parameters());
    }
    QueryRunner.Result result =
        queries.run(context.session(), expansion, context.parameters(), context.dryRun());
    if (!context.dryRun()) {
      warehouse.putTable(table, result.rows().as(Column.of(table.getSchema())));
    }
    return new StatementResult(
        "CREATE_TABLE_AS_SELECT",
        table.getSchema(),
        null,
        null,
        result.bytes(),
        result.referenced(),
        table.getTableReference(),
        operation,
        table.getTableReference());
  }

  /** Throws {@code duplicate} where the statement insists on a new table. */
  private String operation(ResolvedCreateStatementProto create, TableReference reference) {
    return operation(warehouse, create.getCreateMode(), reference);
  }

  static String operation(Warehouse warehouse, CreateMode mode, TableReference reference) {
    if (warehouse.dataset(reference.getProjectId(), reference.getDatasetId()).isEmpty()) {
      throw ApiException.notFound(
          "Not found: Dataset "
              + reference.getProjectId()
              + ":"
              + reference.getDatasetId()
              + " was not found in location US");
    }
    if (warehouse.table(reference).isEmpty()) {
      return "CREATE";
    }
    if (mode == CreateMode.CREATE_OR_REPLACE) {
      return "REPLACE";
    }
    if (mode == CreateMode.CREATE_IF_NOT_EXISTS) {
      return "SKIP";
    }
    throw ApiException.duplicate("Already Exists: Table " + TableName.display(reference));
  }
}
