package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedAddColumnActionProto;
import com.google.zetasql.ResolvedAddConstraintActionProto;
import com.google.zetasql.ResolvedAlterColumnActionProto;
import com.google.zetasql.ResolvedAlterColumnDropDefaultActionProto;
import com.google.zetasql.ResolvedAlterColumnDropNotNullActionProto;
import com.google.zetasql.ResolvedAlterColumnOptionsActionProto;
import com.google.zetasql.ResolvedAlterColumnSetDataTypeActionProto;
import com.google.zetasql.ResolvedAlterColumnSetDefaultActionProto;
import com.google.zetasql.ResolvedAlterMaterializedViewStmtProto;
import com.google.zetasql.ResolvedAlterObjectStmtProto;
import com.google.zetasql.ResolvedAlterTableSetOptionsStmtProto;
import com.google.zetasql.ResolvedAlterTableStmtProto;
import com.google.zetasql.ResolvedAlterViewStmtProto;
import com.google.zetasql.ResolvedDropConstraintActionProto;
import com.google.zetasql.ResolvedDropPrimaryKeyActionProto;
import com.google.zetasql.ResolvedRenameToActionProto;
import com.google.zetasql.ResolvedSetCollateClauseProto;
import com.google.zetasql.ResolvedSetOptionsActionProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.Results;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** ALTER of tables, views and materialized views. */
public final class Alter {
  private final Warehouse warehouse;
  private final TableOptions options;

  public Alter(Warehouse warehouse, TableOptions options) {
    this.warehouse = warehouse;
    this.options = options;
  }

  public Optional<StatementResult> run(Message statement, Statement context) {
    if (statement instanceof ResolvedAlterTableStmtProto alter) {
      List<Message> actions =
          alter.getParent().getAlterActionListList().stream().map(Trees::unwrap).toList();
      if (actions.stream().anyMatch(ColumnChanges::isOne)) {
        return Optional.of(alterColumns(alter.getParent(), actions, context));
      }
      if (actions.size() == 1 && actions.get(0) instanceof ResolvedRenameToActionProto rename) {
        return Optional.of(rename(alter.getParent(), rename, context));
      }
      return Optional.of(alter("ALTER_TABLE", alter.getParent(), context));
    }
    if (statement instanceof ResolvedAlterViewStmtProto alter) {
      return Optional.of(alter("ALTER_VIEW", alter.getParent(), context));
    }
    if (statement instanceof ResolvedAlterMaterializedViewStmtProto alter) {
      return Optional.of(alter("ALTER_MATERIALIZED_VIEW", alter.getParent(), context));
    }
    if (statement instanceof ResolvedAlterTableSetOptionsStmtProto set) {
      return Optional.of(
          alter(
              "ALTER_TABLE",
              set.getNamePathList(),
              set.getIsIfExists(),
              context,
              table -> options.apply(context.sql(), set.getOptionListList(), table)));
    }
    return Optional.empty();
  }

  private StatementResult alter(
      String type, ResolvedAlterObjectStmtProto alter, Statement context) {
    return alter(
        type,
        alter.getNamePathList(),
        alter.getIsIfExists(),
        context,
        table -> alter.getAlterActionListList().forEach(a -> act(Trees.unwrap(a), table, context)));
  }

  private StatementResult alter(
      String type,
      List<String> path,
      boolean ifExists,
      Statement context,
      Consumer<Table> actions) {
    TableName name = TableName.of(path, context.scope());
    Optional<Table> found = warehouse.table(name.reference());
    if (found.isEmpty() && ifExists) {
      return Results.ddl(type, name.reference(), "SKIP");
    }
    Table table = found.orElseThrow(name::notFound);
    String kind = type.substring("ALTER_".length());
    if (!table.getType().equals(kind) && !isSnapshot(table, kind)) {
      throw ApiException.invalidQuery(
          TableName.display(name.reference()) + " is not a " + kind.replace('_', ' '));
    }
    actions.accept(table);
    if (!context.dryRun()) {
      warehouse.replaceTable(table);
    }
    return Results.ddl(type, name.reference(), "ALTER");
  }

  /** ALTER TABLE changes a snapshot, too: its description, its end. */
  private static boolean isSnapshot(Table table, String kind) {
    return kind.equals("TABLE") && table.getSnapshotDefinition() != null;
  }

  private StatementResult alterColumns(
      ResolvedAlterObjectStmtProto alter, List<Message> actions, Statement context) {
    TableName name = TableName.of(alter.getNamePathList(), context.scope());
    Optional<Table> found = warehouse.table(name.reference());
    if (found.isEmpty() && alter.getIsIfExists()) {
      return Results.ddl("ALTER_TABLE", name.reference(), "SKIP");
    }
    ColumnChanges changes = new ColumnChanges(found.orElseThrow(name::notFound));
    actions.forEach(changes::add);
    if (!context.dryRun()) {
      warehouse.keepColumns(context.session(), changes.next(), changes.kept());
    }
    return Results.ddl("ALTER_TABLE", name.reference(), "ALTER");
  }

  private StatementResult rename(
      ResolvedAlterObjectStmtProto alter, ResolvedRenameToActionProto rename, Statement context) {
    TableName name = TableName.of(alter.getNamePathList(), context.scope());
    if (warehouse.table(name.reference()).isEmpty() && alter.getIsIfExists()) {
      return Results.ddl("ALTER_TABLE", name.reference(), "SKIP");
    }
    if (rename.getNewPathCount() != 1) {
      throw ApiException.invalidQuery("A table is renamed within its dataset");
    }
    if (!context.dryRun()) {
      warehouse.renameTable(name.reference(), rename.getNewPath(0));
    }
    return Results.ddl("ALTER_TABLE", name.reference(), "ALTER");
  }

  private void act(Message action, Table table, Statement context) {
    if (action instanceof ResolvedSetOptionsActionProto set) {
      options.apply(context.sql(), set.getOptionListList(), table);
    } else if (action instanceof ResolvedSetCollateClauseProto set) {
      table.setDefaultCollation(TableOptions.collation(set.getCollationName()));
    } else if (action instanceof ResolvedAddColumnActionProto add) {
      addColumn(add, table, context);
    } else if (action instanceof ResolvedAlterColumnOptionsActionProto set) {
      options.apply(context.sql(), set.getOptionListList(), field(set.getParent(), table));
    } else if (action instanceof ResolvedAlterColumnDropNotNullActionProto drop) {
      field(drop.getParent(), table).setMode("NULLABLE");
    } else if (action instanceof ResolvedAlterColumnSetDataTypeActionProto set) {
      TableFieldSchema field = field(set.getParent(), table);
      field.setType(SqlTypes.field(field.getName(), set.getUpdatedType()).getType());
      ColumnDefinitions.widen(field, set.getUpdatedTypeParameters());
    } else if (action instanceof ResolvedAlterColumnSetDefaultActionProto set) {
      field(set.getParent(), table).setDefaultValueExpression(set.getDefaultValue().getSql());
    } else if (action instanceof ResolvedAlterColumnDropDefaultActionProto drop) {
      field(drop.getParent(), table).setDefaultValueExpression(null);
    } else if (action instanceof ResolvedAddConstraintActionProto add) {
      Constraints.add(add, table, context);
    } else if (action instanceof ResolvedDropPrimaryKeyActionProto drop) {
      Constraints.drop(drop, table);
    } else if (action instanceof ResolvedDropConstraintActionProto drop) {
      Constraints.drop(drop, table);
    } else {
      throw ApiException.notImplemented(
          "ALTER TABLE with "
              + action.getDescriptorForType().getName().replaceAll("^Resolved|ActionProto$", ""));
    }
  }

  private void addColumn(ResolvedAddColumnActionProto add, Table table, Statement context) {
    TableFieldSchema field =
        new ColumnDefinitions(options).field(context.sql(), add.getColumnDefinition());
    List<TableFieldSchema> fields = new ArrayList<>(new Relation.Stored(table).fields());
    boolean exists = fields.stream().anyMatch(f -> f.getName().equalsIgnoreCase(field.getName()));
    if (exists && add.getIsIfNotExists()) {
      return;
    }
    if (exists) {
      throw ApiException.invalidQuery("Column already exists: " + field.getName());
    }
    if ("REQUIRED".equals(field.getMode())) {
      throw ApiException.invalidQuery(
          "Cannot add required fields to an existing schema: " + field.getName());
    }
    if (field.getDefaultValueExpression() != null) {
      throw ApiException.invalidQuery(
          "Cannot add a column with a default value to a table: add it, then set its default");
    }
    fields.add(field);
    table.setSchema(new TableSchema().setFields(fields));
  }

  private static TableFieldSchema field(ResolvedAlterColumnActionProto action, Table table) {
    List<TableFieldSchema> fields = new Relation.Stored(table).fields();
    return fields.get(Relation.position(fields, action.getColumn()));
  }
}
