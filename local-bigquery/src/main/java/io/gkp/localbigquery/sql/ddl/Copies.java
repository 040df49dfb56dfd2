package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedCreateSnapshotTableStmtProto;
import com.google.zetasql.ResolvedCreateStatementProto;
import com.google.zetasql.ResolvedCreateTableStmtProto;
import com.google.zetasql.ResolvedOptionProto;
import com.google.zetasql.ResolvedTableScanProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import com.google.zetasql.parser.ASTForSystemTimeProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.select.SystemTimes;
import io.gkp.localbigquery.sql.statement.Catalogs;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.Results;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.sql.value.ValueDecoder;
import io.gkp.localbigquery.storage.TableCopy;
import io.gkp.localbigquery.storage.Warehouse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * CREATE TABLE ... CLONE and COPY, CREATE SNAPSHOT TABLE. Here each is a copy of the rows.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/table-snapshots-intro">Table snapshots</a>
 */
public final class Copies {
  private final ZetaSql zetaSql;
  private final Warehouse warehouse;
  private final TableOptions options;

  public Copies(ZetaSql zetaSql, Warehouse warehouse, TableOptions options) {
    this.zetaSql = zetaSql;
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

  private Instant systemTime(Statement context) {
    Message given = Trees.all(zetaSql.parse(context.sql()), ASTForSystemTimeProto.class).get(0);
    String query =
        "SELECT CAST(("
            + new SqlText(context.sql()).of(Trees.child(given, "expression"))
            + "\n) AS TIMESTAMP)";
    ValueProto value =
        zetaSql.query(query, new Catalogs().build(), context.parameters()).getRow(0).getCell(0);
    return (Instant) ValueDecoder.decode(SqlTypes.simple(TypeKind.TYPE_TIMESTAMP), value);
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
    if (scan.hasForSystemTimeExpr()) {
      SystemTimes.check(source.table(), systemTime(context).toEpochMilli());
    }
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
