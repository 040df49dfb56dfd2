package io.gkp.localbigquery.sql.dml;

import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedDeleteStmtProto;
import com.google.zetasql.ResolvedInsertStmtProto;
import com.google.zetasql.ResolvedMergeStmtProto;
import com.google.zetasql.ResolvedUpdateStmtProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.AstNodes;
import io.gkp.localbigquery.sql.analysis.SqlText;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.select.QueryRunner;
import io.gkp.localbigquery.sql.statement.Expander;
import io.gkp.localbigquery.sql.statement.Expansion;
import io.gkp.localbigquery.sql.statement.Relation;
import io.gkp.localbigquery.sql.statement.Results;
import io.gkp.localbigquery.sql.statement.RowCounts;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * INSERT, UPDATE, DELETE and MERGE.
 *
 * <p>Each becomes a query that says which rows change, and how: ZetaSQL's own evaluation of DML
 * lacks MERGE, and ends the process on some statements. What the statement may do has been checked
 * by the analyzer before.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/standard-sql/dml-syntax">DML</a>
 */
public final class Dml {
  /** What the changed table is called in the queries. */
  static final String TARGET = "_target_";

  private final ZetaSql zetaSql;
  private final Warehouse warehouse;
  private final Expander expander;
  private final QueryRunner queries;

  public Dml(ZetaSql zetaSql, Warehouse warehouse, Expander expander, QueryRunner queries) {
    this.zetaSql = zetaSql;
    this.warehouse = warehouse;
    this.expander = expander;
    this.queries = queries;
  }

  /** The query of a statement, and what its rows do. */
  interface Plan {
    String query();

    void apply(RowChanges changes);
  }

  public Optional<StatementResult> run(Message statement, Statement context) {
    if (statement instanceof ResolvedInsertStmtProto insert) {
      return Optional.of(run("INSERT", context, parsed -> InsertPlan.of(insert, parsed, context)));
    }
    if (statement instanceof ResolvedUpdateStmtProto update) {
      return Optional.of(run("UPDATE", context, parsed -> UpdatePlan.of(update, parsed, context)));
    }
    if (statement instanceof ResolvedDeleteStmtProto) {
      return Optional.of(run("DELETE", context, parsed -> DeletePlan.of(parsed, context)));
    }
    if (statement instanceof ResolvedMergeStmtProto merge) {
      return Optional.of(run("MERGE", context, parsed -> MergePlan.of(merge, parsed, context)));
    }
    return Optional.empty();
  }

  private StatementResult run(
      String type, Statement context, java.util.function.Function<Message, Plan> planner) {
    TableReference written = context.target().getTableReference();
    Message parsed = zetaSql.parse(context.sql());
    if (AstNodes.child(parsed, "assert_rows_modified") != null) {
      throw ApiException.notImplemented("ASSERT_ROWS_MODIFIED");
    }
    Plan plan = planner.apply(parsed);
    List<TableReference> referenced = referenced(type, written, context);
    if (context.dryRun()) {
      return Results.dml(type, written, null, evaluate(plan, context).bytes(), referenced);
    }
    Table target = context.target();
    long[] bytes = new long[1];
    RowCounts[] counts = new RowCounts[1];
    warehouse.change(
        context.session(),
        target.getTableReference(),
        (rows, beforeRemoval) -> {
          QueryRunner.Result result = evaluate(plan, context);
          bytes[0] = result.bytes();
          RowChanges changes =
              new RowChanges(
                  context.session(),
                  rows,
                  new Relation.Stored(target).fields(),
                  result.rows(),
                  beforeRemoval);
          plan.apply(changes);
          counts[0] = changes.counts();
          return counts[0].total();
        });
    return Results.dml(type, written, counts[0], bytes[0], referenced);
  }

  /** All but INSERT read the table that they change. */
  private static List<TableReference> referenced(
      String type, TableReference written, Statement context) {
    Set<TableReference> tables = new LinkedHashSet<>();
    if (!type.equals("INSERT")) {
      tables.add(written);
    }
    tables.addAll(context.expansion().referenced().values());
    return List.copyOf(tables);
  }

  private QueryRunner.Result evaluate(Plan plan, Statement context) {
    Expansion query =
        expander.expand(
            plan.query(),
            context.scope(),
            context.parameters(),
            Map.of(TARGET, new Relation.Numbered(context.target())));
    return queries.run(context.session(), query, context.parameters(), context.dryRun());
  }

  /** The alias that a statement's own expressions know its target by. */
  static String alias(Message parsed, SqlText text) {
    Message alias = Trees.child(parsed, "alias");
    if (alias != null) {
      return Expander.lastPart(text.of(Trees.child(alias, "identifier")));
    }
    String path = text.of(Trees.child(parsed, "target_path"));
    return Expander.lastPart(path);
  }
}
