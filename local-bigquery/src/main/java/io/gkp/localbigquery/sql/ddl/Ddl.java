package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.DatasetReference;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedAlterActionProto;
import com.google.zetasql.ResolvedAlterObjectStmtProto;
import com.google.zetasql.ResolvedAlterSchemaStmtProto;
import com.google.zetasql.ResolvedCreateSchemaStmtProto;
import com.google.zetasql.ResolvedDropMaterializedViewStmtProto;
import com.google.zetasql.ResolvedDropSnapshotTableStmtProto;
import com.google.zetasql.ResolvedDropStmtProto;
import com.google.zetasql.ResolvedSetCollateClauseProto;
import com.google.zetasql.ResolvedSetOptionsActionProto;
import com.google.zetasql.ResolvedTruncateStmtProto;
import com.google.zetasql.resolvedast.ResolvedCreateStatementEnums.CreateMode;
import com.google.zetasql.resolvedast.ResolvedDropStmtEnums.DropMode;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Results;
import io.gkp.localbigquery.sql.statement.RowCounts;
import io.gkp.localbigquery.sql.statement.Scope;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** CREATE and ALTER SCHEMA, DROP and TRUNCATE. */
public final class Ddl {
  private final Warehouse warehouse;
  private final TableOptions options;

  public Ddl(Warehouse warehouse, TableOptions options) {
    this.warehouse = warehouse;
    this.options = options;
  }

  /** The statement's result, where it is one of these. */
  public Optional<StatementResult> run(Message statement, Statement context) {
    if (statement instanceof ResolvedCreateSchemaStmtProto create) {
      return Optional.of(createSchema(create, context));
    }
    if (statement instanceof ResolvedAlterSchemaStmtProto alter) {
      return Optional.of(alterSchema(alter.getParent(), context));
    }
    if (statement instanceof ResolvedDropMaterializedViewStmtProto drop) {
      return Optional.of(
          dropTable(drop.getNamePathList(), drop.getIsIfExists(), "MATERIALIZED_VIEW", context));
    }
    if (statement instanceof ResolvedDropSnapshotTableStmtProto drop) {
      return Optional.of(
          dropTable(drop.getNamePathList(), drop.getIsIfExists(), "SNAPSHOT_TABLE", context));
    }
    if (statement instanceof ResolvedDropStmtProto drop) {
      return Optional.of(drop(drop, context));
    }
    if (statement instanceof ResolvedTruncateStmtProto) {
      return Optional.of(truncate(context));
    }
    return Optional.empty();
  }

  private StatementResult createSchema(ResolvedCreateSchemaStmtProto create, Statement context) {
    var base = create.getParent().getParent();
    DatasetReference reference = dataset(base.getNamePathList(), context.scope());
    Dataset dataset = new Dataset().setDatasetReference(reference);
    if (create.hasCollationName()) {
      dataset.setDefaultCollation(TableOptions.collation(create.getCollationName()));
    }
    options.apply(context.sql(), create.getParent().getOptionListList(), dataset);
    boolean exists =
        warehouse.dataset(reference.getProjectId(), reference.getDatasetId()).isPresent();
    if (exists && base.getCreateMode() == CreateMode.CREATE_IF_NOT_EXISTS) {
      return Results.ddl("CREATE_SCHEMA", null, "SKIP");
    }
    if (exists) {
      throw ApiException.duplicate(
          "Already Exists: Dataset " + reference.getProjectId() + ":" + reference.getDatasetId());
    }
    if (!context.dryRun()) {
      warehouse.createDataset(dataset);
    }
    return Results.ddl("CREATE_SCHEMA", null, "CREATE");
  }

  private StatementResult alterSchema(ResolvedAlterObjectStmtProto alter, Statement context) {
    DatasetReference reference = dataset(alter.getNamePathList(), context.scope());
    Optional<Dataset> found = warehouse.dataset(reference.getProjectId(), reference.getDatasetId());
    if (found.isEmpty() && alter.getIsIfExists()) {
      return Results.ddl("ALTER_SCHEMA", null, "SKIP");
    }
    Dataset dataset = found.orElseThrow(() -> Results.datasetNotFound(reference));
    for (AnyResolvedAlterActionProto action : alter.getAlterActionListList()) {
      Message act = Trees.unwrap(action);
      if (act instanceof ResolvedSetOptionsActionProto set) {
        options.apply(context.sql(), set.getOptionListList(), dataset);
      } else if (act instanceof ResolvedSetCollateClauseProto set) {
        dataset.setDefaultCollation(TableOptions.collation(set.getCollationName()));
      } else {
        throw ApiException.notImplemented("ALTER SCHEMA other than SET OPTIONS and COLLATE");
      }
    }
    if (!context.dryRun()) {
      warehouse.replaceDataset(dataset);
    }
    return Results.ddl("ALTER_SCHEMA", null, "ALTER");
  }

  static DatasetReference dataset(List<String> path, Scope scope) {
    List<String> parts = TableName.parts(path);
    if (parts.size() > 2) {
      throw ApiException.invalidQuery("Invalid dataset name: " + String.join(".", parts));
    }
    return new DatasetReference()
        .setProjectId(parts.size() == 2 ? parts.get(0) : scope.project())
        .setDatasetId(parts.get(parts.size() - 1));
  }

  private StatementResult drop(ResolvedDropStmtProto drop, Statement context) {
    String type = drop.getObjectType().toUpperCase(Locale.ROOT);
    switch (type) {
      case "SCHEMA":
        return dropSchema(drop, context);
      case "TABLE":
      case "VIEW":
        return dropTable(drop.getNamePathList(), drop.getIsIfExists(), type, context);
      default:
        throw ApiException.notImplemented("DROP " + type);
    }
  }

  private StatementResult dropSchema(ResolvedDropStmtProto drop, Statement context) {
    DatasetReference reference = dataset(drop.getNamePathList(), context.scope());
    if (warehouse.dataset(reference.getProjectId(), reference.getDatasetId()).isEmpty()) {
      if (drop.getIsIfExists()) {
        return Results.ddl("DROP_SCHEMA", null, "SKIP");
      }
      throw Results.datasetNotFound(reference);
    }
    if (!context.dryRun()) {
      warehouse.deleteDataset(
          reference.getProjectId(),
          reference.getDatasetId(),
          drop.getDropMode() == DropMode.CASCADE);
    }
    return Results.ddl("DROP_SCHEMA", null, "DROP");
  }

  private StatementResult dropTable(
      List<String> path, boolean ifExists, String type, Statement context) {
    TableName name = TableName.of(path, context.scope());
    TableReference reference = name.reference();
    Optional<Table> table = warehouse.table(reference);
    if (table.isEmpty()) {
      if (ifExists) {
        return Results.ddl("DROP_" + type, reference, "SKIP");
      }
      throw name.notFound();
    }
    String has = table.get().getType();
    if (!has.equals(type.equals("SNAPSHOT_TABLE") ? "SNAPSHOT" : type)) {
      throw ApiException.invalidQuery(
          "Cannot drop " + TableName.display(reference) + " which has type " + has);
    }
    if (!context.dryRun()) {
      warehouse.deleteTable(reference);
    }
    return Results.ddl("DROP_" + type, reference, "DROP");
  }

  private StatementResult truncate(Statement context) {
    Table table = context.target();
    long rows =
        context.dryRun()
            ? warehouse.rowCount(table.getTableReference())
            : warehouse.truncate(context.session(), table.getTableReference());
    return Results.dml(
        "TRUNCATE_TABLE",
        table.getTableReference(),
        new RowCounts(0, 0, rows),
        0,
        List.of(table.getTableReference()));
  }
}
