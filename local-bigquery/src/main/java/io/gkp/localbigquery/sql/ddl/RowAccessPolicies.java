package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.RowAccessPolicy;
import com.google.api.services.bigquery.model.RowAccessPolicyReference;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedCreateRowAccessPolicyStmtProto;
import com.google.zetasql.ResolvedDropRowAccessPolicyStmtProto;
import com.google.zetasql.ResolvedLiteralProto;
import com.google.zetasql.resolvedast.ResolvedCreateStatementEnums.CreateMode;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.statement.Results;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.statement.TableName;
import io.gkp.localbigquery.storage.IngestionTime;
import io.gkp.localbigquery.storage.RowAccess;
import io.gkp.localbigquery.storage.Warehouse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * CREATE and DROP ROW ACCESS POLICY.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-definition-language#create_row_access_policy_statement">CREATE
 *     ROW ACCESS POLICY</a>
 */
public final class RowAccessPolicies {
  private static final String CREATE = "CREATE_ROW_ACCESS_POLICY";
  private static final String DROP = "DROP_ROW_ACCESS_POLICY";

  private final Warehouse warehouse;

  public RowAccessPolicies(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  public Optional<StatementResult> run(Message statement, Statement context) {
    if (statement instanceof ResolvedCreateRowAccessPolicyStmtProto create) {
      return Optional.of(create(create, context));
    }
    return statement instanceof ResolvedDropRowAccessPolicyStmtProto drop
        ? Optional.of(drop(drop, context))
        : Optional.empty();
  }

  private StatementResult create(ResolvedCreateRowAccessPolicyStmtProto create, Statement context) {
    Table table = table(create.getTargetNamePathList(), context);
    if (IngestionTime.partitions(table)) {
      throw ApiException.notImplemented(
          "row access policies of tables that are partitioned by ingestion time");
    }
    List<RowAccessPolicy> policies = RowAccess.of(table);
    boolean exists = policies.stream().anyMatch(policy -> isNamed(policy, create.getName()));
    if (exists && create.getCreateMode() == CreateMode.CREATE_IF_NOT_EXISTS) {
      return Results.ddl(CREATE, null, "SKIP");
    }
    if (exists && create.getCreateMode() != CreateMode.CREATE_OR_REPLACE) {
      throw ApiException.duplicate(
          "Already Exists: Row access policy "
              + TableName.display(table.getTableReference())
              + "."
              + create.getName());
    }
    policies.removeIf(policy -> isNamed(policy, create.getName()));
    policies.add(policy(create, table.getTableReference()));
    put(table, policies, context);
    return Results.ddl(CREATE, null, exists ? "REPLACE" : "CREATE");
  }

  private static RowAccessPolicy policy(
      ResolvedCreateRowAccessPolicyStmtProto create, TableReference table) {
    String now = Instant.now().toString();
    List<String> grantees =
        create.getGranteeListCount() > 0
            ? List.copyOf(create.getGranteeListList())
            : create.getGranteeExprListList().stream()
                .flatMap(expr -> Trees.all(expr, ResolvedLiteralProto.class).stream())
                .map(literal -> literal.getValue().getValue().getStringValue())
                .toList();
    return new RowAccessPolicy()
        .setRowAccessPolicyReference(
            new RowAccessPolicyReference()
                .setProjectId(table.getProjectId())
                .setDatasetId(table.getDatasetId())
                .setTableId(table.getTableId())
                .setPolicyId(create.getName()))
        .setFilterPredicate(create.getPredicateStr())
        .setGrantees(grantees)
        .setCreationTime(now)
        .setLastModifiedTime(now);
  }

  private StatementResult drop(ResolvedDropRowAccessPolicyStmtProto drop, Statement context) {
    Table table = table(drop.getTargetNamePathList(), context);
    List<RowAccessPolicy> policies = RowAccess.of(table);
    boolean dropped =
        policies.removeIf(policy -> drop.getIsDropAll() || isNamed(policy, drop.getName()));
    if (!dropped && !drop.getIsDropAll() && !drop.getIsIfExists()) {
      throw ApiException.notFound(
          "Not found: Row access policy "
              + TableName.display(table.getTableReference())
              + "."
              + drop.getName());
    }
    if (dropped) {
      put(table, policies, context);
    }
    return Results.ddl(
        DROP, drop.getIsDropAll() ? table.getTableReference() : null, dropped ? "DROP" : "SKIP");
  }

  private void put(Table table, List<RowAccessPolicy> policies, Statement context) {
    if (!context.dryRun()) {
      RowAccess.set(table, policies);
      warehouse.replaceTable(table);
    }
  }

  private Table table(List<String> path, Statement context) {
    TableName name = TableName.of(path, context.scope());
    Table table = warehouse.table(name.reference()).orElseThrow(name::notFound);
    if (table.getView() != null) {
      throw ApiException.invalidQuery(
          "Row access policies are for tables: " + TableName.display(name.reference()));
    }
    return table;
  }

  private static boolean isNamed(RowAccessPolicy policy, String name) {
    return policy.getRowAccessPolicyReference().getPolicyId().equalsIgnoreCase(name);
  }
}
