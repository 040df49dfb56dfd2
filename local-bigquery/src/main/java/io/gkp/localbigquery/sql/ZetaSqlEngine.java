package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.parser.ASTCreateFunctionStatementProto;
import com.google.zetasql.parser.ASTQueryStatementProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.jobs.JobHistory;
import io.gkp.localbigquery.script.Interpreter;
import io.gkp.localbigquery.script.ScriptText;
import io.gkp.localbigquery.script.Steps;
import io.gkp.localbigquery.sql.analysis.Script;
import io.gkp.localbigquery.sql.analysis.SqlErrors;
import io.gkp.localbigquery.sql.analysis.ZetaSql;
import io.gkp.localbigquery.sql.ddl.Routines;
import io.gkp.localbigquery.sql.statement.QuerySessions;
import io.gkp.localbigquery.sql.statement.SqlRequest;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.statement.Temporaries;
import io.gkp.localbigquery.sql.text.Placeholders;
import io.gkp.localbigquery.sql.value.Environment;
import io.gkp.localbigquery.sql.value.TypedValue;
import io.gkp.localbigquery.storage.Database;
import io.gkp.localbigquery.storage.DatabaseException;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** GoogleSQL, as Google's own analyzer understands it, on DuckDB. */
public final class ZetaSqlEngine implements SqlEngine {
  private static final String SYSTEM_VARIABLE = "@@";

  private final ZetaSql zetaSql = ZetaSql.instance();
  private final QuerySessions sessions = new QuerySessions();
  private final Warehouse warehouse;
  private final Statements statements;

  /**
   * @param jobs that INFORMATION_SCHEMA lists
   */
  public ZetaSqlEngine(Database database, Warehouse warehouse, JobHistory jobs) {
    this.warehouse = warehouse;
    this.statements = new Statements(zetaSql, warehouse, database, jobs);
    Temporaries.clear(warehouse);
  }

  @Override
  public StatementResult execute(Session session, SqlRequest request, Steps steps) {
    try {
      return request.session().isPresent()
          ? inSession(session, request, steps)
          : execute(session, request, steps, Temporaries.NONE, new HashMap<>());
    } catch (DatabaseException e) {
      throw SqlErrors.translate(e);
    } finally {
      // What a script leaves open ends with it.
      session.rollback();
    }
  }

  private StatementResult inSession(Session session, SqlRequest request, Steps steps) {
    QuerySessions.State state = sessions.of(request.session().get(), warehouse, request);
    synchronized (state) {
      StatementResult result =
          execute(session, request, steps, state.temporaries(), state.variables());
      if (session.inTransaction()) {
        throw ApiException.notImplemented("transactions over several queries of a session");
      }
      return result;
    }
  }

  /**
   * @param shared by the queries of a session
   * @param variables of the session
   */
  private StatementResult execute(
      Session session,
      SqlRequest request,
      Steps steps,
      Temporaries shared,
      Map<String, TypedValue> variables) {
    if (Script.isOneStatement(zetaSql, request.sql())) {
      return asScript(one(session, request, shared, variables));
    }
    if (shared != Temporaries.NONE) {
      return script(session, request, steps, shared, variables);
    }
    try (Temporaries own = new Temporaries(warehouse, request.project(), request.location())) {
      return script(session, request, steps, own, variables);
    }
  }

  private StatementResult one(
      Session session,
      SqlRequest request,
      Temporaries temporaries,
      Map<String, TypedValue> variables) {
    ScriptStatements host =
        new ScriptStatements(zetaSql, warehouse, statements, session, request, temporaries);
    return host.execute(request.sql(), environment(host, request, variables), request.dryRun());
  }

  private static Environment environment(
      ScriptStatements host, SqlRequest request, Map<String, TypedValue> variables) {
    return request.sql().contains(SYSTEM_VARIABLE) || !variables.isEmpty()
        ? new Environment(variables, host.systemVariables(), Optional.empty())
        : Environment.NONE;
  }

  /** The service takes a statement that creates a procedure for a script. */
  private static StatementResult asScript(StatementResult result) {
    return result.statementType().equals(Routines.CREATE_PROCEDURE)
        ? StatementResult.script(null, null, 0, List.of())
        : result;
  }

  private StatementResult script(
      Session session,
      SqlRequest request,
      Steps steps,
      Temporaries temporaries,
      Map<String, TypedValue> variables) {
    String sql = Placeholders.named(request.sql(), 0);
    ScriptStatements host =
        new ScriptStatements(zetaSql, warehouse, statements, session, request, temporaries);
    ScriptText script = new ScriptText(sql, host.parse(sql));
    if (isQueryWithFunctions(script.statements())) {
      StatementResult last = null;
      Environment environment = environment(host, request, variables);
      for (Message statement : script.statements()) {
        last = host.execute(script.statement(statement), environment, request.dryRun());
      }
      return last;
    }
    return request.dryRun()
        ? plan(host, script)
        : new Interpreter(host, steps).run(script, variables);
  }

  /** CREATE TEMP FUNCTION, once or more often, and a query: the service takes that for a query. */
  private static boolean isQueryWithFunctions(List<Message> statements) {
    int last = statements.size() - 1;
    return statements.get(last) instanceof ASTQueryStatementProto
        && statements.subList(0, last).stream()
            .allMatch(
                statement ->
                    statement instanceof ASTCreateFunctionStatementProto
                        && Temporaries.isTemporary(statement));
  }

  /** What can be told of a script without running it: up to where it depends on what it did. */
  private static StatementResult plan(ScriptStatements host, ScriptText script) {
    long bytes = 0;
    Set<TableReference> referenced = new LinkedHashSet<>();
    for (Message statement : script.statements()) {
      if (script.isProcedural(statement)) {
        break;
      }
      StatementResult planned = host.execute(script.statement(statement), Environment.NONE, true);
      bytes += planned.bytesProcessed();
      referenced.addAll(planned.referencedTables());
      if (planned.ddlOperation() != null) {
        break;
      }
    }
    return StatementResult.script(null, null, bytes, List.copyOf(referenced));
  }
}
