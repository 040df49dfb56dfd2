package io.gkp.localbigquery.sql.ddl;

import com.google.api.client.util.DateTime;
import com.google.api.services.bigquery.model.CloneDefinition;
import com.google.api.services.bigquery.model.SnapshotDefinition;
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
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.IngestionTime;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Staged;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.List;
import java.util.Optional;

/**
 * CREATE TABLE ... CLONE and COPY, CREATE SNAPSHOT TABLE. Here each is a copy of the rows.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/table-snapshots-intro">Table snapshots</a>
 */
public final class Copies {
  private enum Kind {
    CLONE,
    COPY,
    SNAPSHOT
  }

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
              Kind.SNAPSHOT,
              create.getParent(),
              create.getOptionListList(),
              Trees.unwrap(create.getCloneFrom()),
              context));
    }
    if (statement instanceof ResolvedCreateTableStmtProto create
        && (create.hasCloneFrom() || create.hasCopyFrom())) {
      return Optional.of(
          copy(
              create.hasCloneFrom() ? Kind.CLONE : Kind.COPY,
              create.getParent().getParent(),
              create.getParent().getOptionListList(),
              Trees.unwrap(create.hasCloneFrom() ? create.getCloneFrom() : create.getCopyFrom()),
              context));
    }
    return Optional.empty();
  }

  private StatementResult copy(
      Kind kind,
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
    if (IngestionTime.partitions(source.table())) {
      throw ApiException.notImplemented(
          "copies, clones and snapshots of a table that is partitioned by ingestion time");
    }
    TableReference reference = TableName.of(create.getNamePathList(), context.scope()).reference();
    Table table = definition(kind, source.table(), reference);
    options.apply(context.sql(), given, table);
    String type = kind == Kind.SNAPSHOT ? "CREATE_SNAPSHOT_TABLE" : "CREATE_TABLE";
    String operation = CreateTables.operation(warehouse, create.getCreateMode(), reference);
    if (!context.dryRun() && !operation.equals("SKIP")) {
      warehouse.putTable(table, rows(context.session(), source.table()));
    }
    return Results.created(type, table, operation);
  }

  private static Table definition(Kind kind, Table source, TableReference reference) {
    Table table =
        new Table()
            .setTableReference(reference)
            .setSchema(source.getSchema())
            .setTimePartitioning(source.getTimePartitioning())
            .setRangePartitioning(source.getRangePartitioning())
            .setRequirePartitionFilter(source.getRequirePartitionFilter())
            .setClustering(source.getClustering())
            .setDescription(source.getDescription())
            .setDefaultCollation(source.getDefaultCollation())
            .setLabels(source.getLabels());
    DateTime now = new DateTime(System.currentTimeMillis());
    if (kind == Kind.SNAPSHOT) {
      table.setSnapshotDefinition(
          new SnapshotDefinition()
              .setBaseTableReference(source.getTableReference())
              .setSnapshotTime(now));
    } else if (kind == Kind.CLONE) {
      table.setCloneDefinition(
          new CloneDefinition()
              .setBaseTableReference(source.getTableReference())
              .setCloneTime(now));
    }
    return table;
  }

  private Staged rows(Session session, Table source) {
    return warehouse.lookingUp(
        () ->
            session.stage(
                "SELECT * FROM " + warehouse.rows(session, source.getTableReference()),
                Column.of(source.getSchema())));
  }
}
