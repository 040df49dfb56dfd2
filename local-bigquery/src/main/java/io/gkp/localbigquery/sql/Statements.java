package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableSchema;
import com.google.protobuf.Message;
import com.google.zetasql.ResolvedQueryStmtProto;
import com.google.zetasql.ResolvedTruncateStmtProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.jobs.JobHistory;
import io.gkp.localbigquery.sql.analysis.AstNodes;
import io.gkp.localbigquery.sql.analysis.Dialect;
import io.gkp.localbigquery.sql.analysis.Parameters;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.ddl.Alter;
import io.gkp.localbigquery.sql.ddl.Copies;
import io.gkp.localbigquery.sql.ddl.CreateTables;
import io.gkp.localbigquery.sql.ddl.CreateViews;
import io.gkp.localbigquery.sql.ddl.Ddl;
import io.gkp.localbigquery.sql.ddl.Routines;
import io.gkp.localbigquery.sql.ddl.RowAccessPolicies;
import io.gkp.localbigquery.sql.ddl.TableOptions;
import io.gkp.localbigquery.sql.dml.Dml;
import io.gkp.localbigquery.sql.select.QueryRunner;
import io.gkp.localbigquery.sql.statement.Expander;
import io.gkp.localbigquery.sql.statement.Expansion;
import io.gkp.localbigquery.sql.statement.Scope;
import io.gkp.localbigquery.sql.statement.Statement;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.statement.SystemTimes;
import io.gkp.localbigquery.sql.text.Lexer;
import io.gkp.localbigquery.sql.text.Placeholders;
import io.gkp.localbigquery.sql.text.Spellings;
import io.gkp.localbigquery.storage.Database;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Warehouse;
import io.gkp.localbigquery.translate.ResolvedAst;
import io.gkp.localbigquery.translate.Translator;
import io.gkp.localbigquery.translate.ZetaFunctions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs single statements on one warehouse. */
final class Statements {
  private static final String PARAMETER = "@";
  private static final String ALTER = "ALTER";
  private static final Pattern LOAD_DATA = Pattern.compile("(?i)\\s*LOAD\\s+DATA\\b");
  private static final Pattern RIGHTS = Pattern.compile("(?i)\\s*(GRANT|REVOKE)\\b");
  private static final Pattern CREATE_TEMPORARY =
      Pattern.compile("(?i)\\s*CREATE\\s+(OR\\s+REPLACE\\s+)?TEMP");
  private static final Pattern QUERY = Pattern.compile("(?i)\\s*(SELECT|WITH|\\()");

  /** One in the process: it takes a while to make, and holds nothing of a warehouse. */
  private static final ResolvedAst AST = new ResolvedAst(Dialect.bigQuery());

  private final ZetaSql zetaSql;
  private final Expander expander;
  private final SystemTimes systemTimes;
  private final QueryRunner queries;
  private final Ddl ddl;
  private final CreateTables createTables;
  private final CreateViews createViews;
  private final Copies copies;
  private final Alter alter;
  private final Dml dml;
  private final Routines routines;
  private final RowAccessPolicies policies;

  Statements(ZetaSql zetaSql, Warehouse warehouse, Database database, JobHistory jobs) {
    Translator translator = new Translator(new ZetaFunctions(database, AST));
    this.zetaSql = zetaSql;
    TableOptions options = new TableOptions(zetaSql);
    this.expander = new Expander(zetaSql, warehouse, jobs);
    this.systemTimes = new SystemTimes(zetaSql);
    this.queries = new QueryRunner(zetaSql, warehouse, AST, translator);
    this.ddl = new Ddl(warehouse, options);
    this.createTables = new CreateTables(zetaSql, warehouse, options, expander, queries);
    this.createViews = new CreateViews(zetaSql, warehouse, options, expander);
    this.copies = new Copies(warehouse, options);
    this.alter = new Alter(warehouse, options);
    this.dml = new Dml(zetaSql, warehouse, expander, queries);
    this.routines = new Routines(zetaSql, warehouse);
    this.policies = new RowAccessPolicies(warehouse);
  }

  /**
   * @param placeholdersBefore how many {@code ?} the statements before this one had
   */
  StatementResult run(
      Session session,
      String original,
      int placeholdersBefore,
      Scope scope,
      Parameters parameters,
      boolean dryRun) {
    if (LOAD_DATA.matcher(original).lookingAt()) {
      throw ApiException.notImplemented("LOAD DATA: there is no Cloud Storage to read from");
    }
    Matcher rights = RIGHTS.matcher(original);
    if (rights.lookingAt()) {
      throw ApiException.notImplemented(rights.group().strip().toUpperCase(Locale.ROOT));
    }
    String sql =
        systemTimes.inNames(
            Placeholders.named(Spellings.forZetaSql(original), placeholdersBefore),
            scope,
            parameters);
    List<List<String>> names = names(sql);
    Map<String, TypeProto> undeclared =
        dryRun && sql.contains(PARAMETER) ? undeclared(sql, names, scope, parameters) : Map.of();
    Parameters all = undeclared.isEmpty() ? parameters : parameters.with(undeclared);
    Expansion expansion = expander.expand(sql, names, scope, all);
    StatementResult result =
        run(new Statement(session, original, sql, names, scope, all, expansion, dryRun));
    return undeclared.isEmpty()
        ? result
        : result.withUndeclared(
            undeclared.entrySet().stream()
                .map(entry -> Parameters.described(entry.getKey(), entry.getValue()))
                .toList());
  }

  private Map<String, TypeProto> undeclared(
      String sql, List<List<String>> names, Scope scope, Parameters parameters) {
    try {
      return parameters.undeclared(
          expander.expand(sql, names, scope, parameters.open()).statement());
    } catch (ApiException e) {
      // What is wrong with the statement is found again, with the parameters that there are.
      return Map.of();
    }
  }

  /** The rows of a query that is part of something else. */
  QueryRunner.Result query(Session session, String original, Scope scope, Parameters parameters) {
    String sql =
        systemTimes.inNames(
            Placeholders.named(Spellings.forZetaSql(original), 0), scope, parameters);
    Expansion expansion = expander.expand(sql, names(sql), scope, parameters);
    return queries.run(session, expansion, parameters, false);
  }

  /** Whether the statement may read or change rows, or calls what may. */
  boolean readsTables(String original, Scope scope) {
    String sql = Spellings.forZetaSql(original);
    boolean isQuery = QUERY.matcher(sql).lookingAt();
    return !isQuery || !names(sql).isEmpty() || !expander.calledBy(sql, scope).isEmpty();
  }

  /** The tables that the statement may read, or alters. */
  private List<List<String>> names(String sql) {
    List<List<String>> names = zetaSql.next(sql, 0).tables();
    if (!sql.regionMatches(true, Lexer.startOfText(sql), ALTER, 0, ALTER.length())) {
      return names;
    }
    Message statement = zetaSql.parse(sql);
    Message path = AstNodes.child(statement, "path");
    if (path == null || isOfSchema(statement)) {
      return names;
    }
    List<List<String>> all = new ArrayList<>(names);
    all.add(AstNodes.names(path));
    return all;
  }

  private static boolean isOfSchema(Message statement) {
    return statement.getDescriptorForType().getName().contains("AlterSchema");
  }

  private StatementResult run(Statement context) {
    Message statement = context.expansion().statement();
    if (statement instanceof ResolvedQueryStmtProto) {
      return select(context);
    }
    Optional<StatementResult> done = dml.run(statement, context);
    if (done.isPresent()) {
      return done.get();
    }
    if (context.session().inTransaction() && !(statement instanceof ResolvedTruncateStmtProto)) {
      if (CREATE_TEMPORARY.matcher(context.sql()).lookingAt()) {
        throw ApiException.notImplemented("temporary tables and functions within a transaction");
      }
      throw ApiException.invalidQuery("DDL on permanent entities is not supported in transactions");
    }
    return Optional.<StatementResult>empty()
        .or(() -> copies.run(statement, context))
        .or(() -> routines.run(statement, context))
        .or(() -> createTables.run(statement, context))
        .or(() -> createViews.run(statement, context))
        .or(() -> ddl.run(statement, context))
        .or(() -> alter.run(statement, context))
        .or(() -> policies.run(statement, context))
        .orElseThrow(() -> ApiException.notImplemented(name(statement)));
  }

  private StatementResult select(Statement context) {
    QueryRunner.Result result =
        queries.run(context.session(), context.expansion(), context.parameters(), context.dryRun());
    return new StatementResult(
        "SELECT",
        new TableSchema().setFields(result.fields()),
        result.rows(),
        null,
        result.bytes(),
        result.referenced(),
        null,
        null,
        null);
  }

  private static String name(Message statement) {
    return statement
        .getDescriptorForType()
        .getName()
        .replaceAll("^Resolved|StmtProto$", "")
        .replaceAll("(?<=[a-z])(?=[A-Z])", " ")
        .toUpperCase(Locale.ROOT);
  }
}
