package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.RowAccessPolicy;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.ParseLocationRangeProto;
import com.google.zetasql.ResolvedTableScanProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.jobs.JobHistory;
import io.gkp.localbigquery.sql.analysis.OutputColumns;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.Trees;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.statement.Expansion.Part;
import io.gkp.localbigquery.sql.statement.Expansion.Slot;
import io.gkp.localbigquery.sql.statement.Expansion.Text;
import io.gkp.localbigquery.sql.text.Spellings;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.storage.Moment;
import io.gkp.localbigquery.storage.Names;
import io.gkp.localbigquery.storage.RowAccess;
import io.gkp.localbigquery.storage.Warehouse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Analyzes a statement as it was written, so that errors point into it, and finds its views.
 *
 * <ol>
 *   <li>Look up the tables that the text names; views are expanded first, by these same steps.
 *   <li>Analyze the text. The analyzer says where each table is named, CTEs told apart.
 *   <li>Cut the text there: a table or a view leaves a slot.
 * </ol>
 */
public final class Expander {
  private static final int MAX_VIEW_DEPTH = 16;

  /** What a table with row access policies is called where they are applied. */
  private static final String ALL_ROWS = "_all_rows_";

  private final ZetaSql zetaSql;
  private final Warehouse warehouse;
  private final InformationSchema informationSchema;
  private final UserFunctions functions;
  private final SystemTimes systemTimes;

  public Expander(ZetaSql zetaSql, Warehouse warehouse, JobHistory jobs) {
    this.zetaSql = zetaSql;
    this.warehouse = warehouse;
    this.informationSchema = new InformationSchema(warehouse, jobs);
    this.functions = new UserFunctions(zetaSql, warehouse, this);
    this.systemTimes = new SystemTimes(zetaSql);
  }

  public Expansion expand(
      String sql, List<List<String>> names, Scope scope, Parameters parameters) {
    return expand(sql, names, scope, parameters, Map.of(), new LinkedHashSet<>());
  }

  /**
   * @param own names, of one part each, that stand for something else than tables of the warehouse
   */
  public Expansion expand(
      String sql, Scope scope, Parameters parameters, Map<String, Relation> own) {
    return expand(
        sql, zetaSql.next(sql, 0).tables(), scope, parameters, own, new LinkedHashSet<>());
  }

  private Expansion expand(
      String sql,
      List<List<String>> names,
      Scope scope,
      Parameters parameters,
      Map<String, Relation> own,
      Set<String> viewsAround) {
    Map<String, Relation> relations = new HashMap<>();
    Catalogs catalog = new Catalogs();
    CalledFunctions functions = this.functions.calledBy(sql, scope);
    functions.tables().forEach((key, table) -> catalog.add(List.of(key), key, table.columns()));
    functions.declare(catalog);
    ApiException missing = null;
    for (List<String> path : names) {
      try {
        Relation ours = path.size() == 1 ? own.get(path.get(0)) : null;
        Relation relation = ours == null ? relation(path, scope, viewsAround) : ours;
        String name = Expansion.key(relation);
        relations.put(name, relation);
        catalog.add(path, name, relation.columns());
      } catch (NameNotFound e) {
        // Not an error yet: the name may be a column's.
        missing = missing == null ? e.asApiException() : missing;
      }
    }
    Message statement;
    try {
      statement = zetaSql.analyze(sql, catalog.build(), parameters);
    } catch (ApiException e) {
      throw missing != null && e.getMessage().startsWith("Table not found") ? missing : e;
    }
    return cut(sql, statement, relations, functions);
  }

  public CalledFunctions calledBy(String sql, Scope scope) {
    return functions.calledBy(sql, scope);
  }

  /** Throws {@code notFound} where nothing bears the name. */
  Relation relation(List<String> path, Scope scope) {
    try {
      return relation(path, scope, new LinkedHashSet<>());
    } catch (NameNotFound e) {
      throw e.asApiException();
    }
  }

  private Relation relation(List<String> path, Scope scope, Set<String> viewsAround)
      throws NameNotFound {
    TableName name;
    try {
      name = TableName.of(path, scope);
    } catch (ApiException e) {
      throw new NameNotFound(e);
    }
    if (name.informationSchema()) {
      return informationSchema.view(name);
    }
    if (name.table().endsWith("*")
        && warehouse.dataset(name.project(), name.dataset()).isPresent()) {
      return Relation.Wildcard.of(
          name.reference(), warehouse.tables(name.project(), name.dataset()));
    }
    TableReference reference = Moment.whole(name.reference());
    Table table = warehouse.table(reference).orElse(null);
    if (table == null) {
      Names.checkDatasetReference(name.dataset());
      boolean hasDataset = warehouse.dataset(name.project(), name.dataset()).isPresent();
      throw new NameNotFound(
          hasDataset
              ? name(reference).notFound()
              : ApiException.notFound(
                  "Not found: Dataset "
                      + name.project()
                      + ":"
                      + name.dataset()
                      + " was not found in location US"));
    }
    if (table.getView() != null && Moment.of(name.reference()).isPresent()) {
      throw ApiException.notImplemented("FOR SYSTEM_TIME AS OF for anything but a table");
    }
    if (table.getView() != null) {
      return view(table, viewsAround);
    }
    List<RowAccessPolicy> policies = RowAccess.of(table);
    if (Moment.of(name.reference()).isPresent()) {
      table = warehouse.readable(name.reference()).orElseThrow();
    }
    return policies.isEmpty() ? new Relation.Stored(table) : visible(table, policies, viewsAround);
  }

  /** The rows that the caller may see. */
  private Relation.View visible(
      Table table, List<RowAccessPolicy> policies, Set<String> viewsAround) {
    String condition =
        policies.stream()
            .filter(RowAccess::isGranted)
            .map(policy -> "(" + policy.getFilterPredicate() + "\n)")
            .collect(Collectors.joining(" OR "));
    String sql =
        Spellings.forZetaSql(
            "SELECT * FROM "
                + ALL_ROWS
                + " AS "
                + SqlTypes.quote(Moment.whole(table.getTableReference()).getTableId())
                + " WHERE "
                + (condition.isEmpty() ? "FALSE" : condition));
    return view(table, sql, Map.of(ALL_ROWS, new Relation.Stored(table)), viewsAround);
  }

  private Relation.View view(
      Table table, String sql, Map<String, Relation> given, Set<String> viewsAround) {
    Expansion body =
        expand(
            sql,
            zetaSql.next(sql, 0).tables(),
            Scope.insideView(table.getTableReference().getProjectId()),
            Parameters.NONE,
            given,
            viewsAround);
    return Relation.View.of(table, body, OutputColumns.of(body.statement()));
  }

  private Relation.View view(Table table, Set<String> viewsAround) {
    String key = Expansion.key(table.getTableReference());
    if (viewsAround.size() == MAX_VIEW_DEPTH || !viewsAround.add(key)) {
      throw ApiException.invalidQuery(
          "View " + TableName.display(table.getTableReference()) + " is nested too deeply");
    }
    Scope scope = Scope.insideView(table.getTableReference().getProjectId());
    String sql =
        systemTimes.inNames(
            Spellings.forZetaSql(table.getView().getQuery()), scope, Parameters.NONE);
    try {
      return view(table, sql, Map.of(), viewsAround);
    } catch (ApiException e) {
      throw new ApiException(
          e.httpStatus(),
          e.reason(),
          e.getMessage() + "; reached by view " + TableName.display(table.getTableReference()),
          e.location().orElse(null));
    } finally {
      viewsAround.remove(key);
    }
  }

  private Expansion cut(
      String sql, Message statement, Map<String, Relation> relations, CalledFunctions called) {
    TreeMap<Integer, ResolvedTableScanProto> scans = new TreeMap<>();
    Message target = Trees.child(statement, "table_scan");
    for (ResolvedTableScanProto scan : Trees.all(statement, ResolvedTableScanProto.class)) {
      if (scan != target) {
        scans.put(location(scan).getStart(), scan);
      }
    }
    List<Part> parts = new ArrayList<>();
    Map<String, TableReference> referenced = new LinkedHashMap<>();
    called.tables().values().forEach(relation -> reference(relation, referenced));
    byte[] bytes = sql.getBytes(StandardCharsets.UTF_8);
    int position = 0;
    for (ResolvedTableScanProto scan : scans.values()) {
      int start = location(scan).getStart();
      parts.add(text(bytes, position, start));
      position = location(scan).getEnd();
      Relation relation = relations.get(scan.getTable().getName());
      reference(relation, referenced);
      parts.add(slot(relation, scan, text(bytes, start, position).sql()));
      if (scan.hasForSystemTimeExpr() && relation instanceof Relation.View) {
        // The table's place is taken by a query, which has no time.
        ParseLocationRangeProto clause = systemTimes.clause(sql, start);
        parts.add(text(bytes, position, clause.getStart()));
        position = clause.getEnd();
      }
    }
    parts.add(text(bytes, position, bytes.length));
    return new Expansion(statement, parts, referenced, relations, functions(called, relations));
  }

  /** Those that the statement calls itself, and those that its views call. */
  private static CalledFunctions functions(
      CalledFunctions called, Map<String, Relation> relations) {
    CalledFunctions all = called;
    for (Relation relation : relations.values()) {
      if (relation instanceof Relation.View view && !view.body().functions().isEmpty()) {
        CalledFunctions both = CalledFunctions.none();
        both.addAll(all);
        both.addAll(view.body().functions());
        all = both;
      }
    }
    return all;
  }

  private static Slot slot(Relation relation, ResolvedTableScanProto scan, String written) {
    SystemTimes.check(scan, relation);
    return new Slot(relation, scan.getAlias().isEmpty() ? lastPart(written) : null);
  }

  /** What the analyzer takes for the alias of a table without one. */
  public static String lastPart(String written) {
    String name = written.strip();
    if (name.endsWith("`")) {
      String inner =
          name.substring(name.lastIndexOf('`', name.length() - 2) + 1, name.length() - 1);
      return inner;
    }
    return name.substring(name.lastIndexOf('.') + 1).strip();
  }

  private static void reference(Relation relation, Map<String, TableReference> referenced) {
    TableReference table = Moment.whole(relation.reference());
    referenced.putIfAbsent(Expansion.key(table), table);
    if (relation instanceof Relation.View view) {
      referenced.putAll(view.body().referenced());
    }
  }

  private static ParseLocationRangeProto location(ResolvedTableScanProto scan) {
    return scan.getParent().getParent().getParseLocationRange();
  }

  private static Text text(byte[] bytes, int start, int end) {
    return new Text(new String(bytes, start, end - start, StandardCharsets.UTF_8));
  }

  private static TableName name(TableReference table) {
    return new TableName(table.getProjectId(), table.getDatasetId(), table.getTableId(), false);
  }

  /** A name that no table bears; an error only if nothing else does either. */
  private static final class NameNotFound extends Exception {
    private final transient ApiException error;

    NameNotFound(ApiException error) {
      super(error);
      this.error = error;
    }

    ApiException asApiException() {
      return error;
    }
  }
}
