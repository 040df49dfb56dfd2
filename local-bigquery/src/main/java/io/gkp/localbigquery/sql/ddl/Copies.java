package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedCreateSnapshotTableStmtProto;
import com.google.zetasql.ResolvedCreateStatementProto;
import com.google.zetasql.ResolvedCreateTableStmtProto;
import com.google.zetasql.ResolvedOptionProto;
import com.google.zetasql.ResolvedTableScanProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.Results;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.statement.SystemTimes;
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.storage.TableCopy;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.List;
import java.util.Optional;

/**
 * CREATE TABLE ... CLONE and COPY, CREATE SNAPSHOT TABLE. Here each is a copy of the rows.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/table-snapshots-intro">Table snapshots</a>
 */
public final class Copies {
  private final Warehouse warehouse;
  private final TableOptions options;

  public Copies(Warehouse warehouse, TableOptions options) {
    this.warehouse = warehouse;
    this.options = options;
  }

  public Optional<StatementResult> run(Message statement, Statement context) {
    if (statement instanceof ResolvedCreateSnapshotTableStmtProto create) {
      return Optional.of(
          copy(
              TableCopy.SNAPSHOT,
              create.getParent(),
              create.getOptionListList(),
              Trees.unwrap(create.getCloneFrom()),
              context));
    }
    if (statement instanceof ResolvedCreateTableStmtProto create
        && (create.hasCloneFrom() || create.hasCopyFrom())) {
      return Optional.of(
          copy(
              create.hasCloneFrom() ? TableCopy.CLONE : TableCopy.COPY,
              create.getParent().getParent(),
              create.getParent().getOptionListList(),
              Trees.unwrap(create.hasCloneFrom() ? create.getCloneFrom() : create.getCopyFrom()),
              context));
    }
    return Optional.empty();
  }

  private StatementResult copy(
      TableCopy kind,
      ResolvedCreateStatementProto create,
      List<ResolvedOptionProto> given,
      Message from,
      Statement context) {
    if (!(from instanceof ResolvedTableScanProto scan)) {
      throw ApiException.notImplemented(kind + " with WHERE");
    }
    if (!(context.expansion().named().get(scan.getTable().getName())
        instanceof Relation.Stored source)) {
      throw ApiException.invalidQuery("Only tables can be copied, cloned or snapshotted");
    }
    SystemTimes.check(scan, source);
    TableReference reference = TableName.of(create.getNamePathList(), context.scope()).reference();
    Table table = kind.of(source.table(), reference);
    options.apply(context.sql(), given, table);
    String type = kind == TableCopy.SNAPSHOT ? "CREATE_SNAPSHOT_TABLE" : "CREATE_TABLE";
    String operation = CreateTables.operation(warehouse, create.getCreateMode(), reference);
    if (!context.dryRun() && !operation.equals("SKIP")) {
      warehouse.putTable(
          table, TableCopy.rows(warehouse, context.session(), List.of(source.table())));
    }
    return Results.created(type, table, operation);
  }
}
