package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableReference;
import com.google.protobuf.Message;
import com.google.zetasql.parser.ASTCreateFunctionStatementProto;
import com.google.zetasql.parser.ASTQueryStatementProto;
import io.gkp.localbigquery.script.Environment;
import io.gkp.localbigquery.script.Interpreter;
import io.gkp.localbigquery.script.ScriptText;
import io.gkp.localbigquery.script.Steps;
import io.gkp.localbigquery.storage.Database;
import io.gkp.localbigquery.storage.DatabaseException;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** GoogleSQL, as Google's own analyzer understands it, on DuckDB. */
public final class ZetaSqlEngine implements SqlEngine {
  private static final String SYSTEM_VARIABLE = "@@";

  private final ZetaSql zetaSql = ZetaSql.instance();
  private final Warehouse warehouse;
  private final Statements statements;

  public ZetaSqlEngine(Database database, Warehouse warehouse) {
    this.warehouse = warehouse;
    this.statements = new Statements(zetaSql, warehouse, database);
    Temporaries.clear(warehouse);
  }

  /** The text as ZetaSQL can read it; its meaning stays. */
  static String prepared(String sql) {
    return Synonyms.replace(QuotedPaths.unquote(sql));
  }

  @Override
  public StatementResult execute(Session session, SqlRequest request, Steps steps) {
    try {
      return Script.isOneStatement(zetaSql, request.sql())
          ? asScript(one(session, request))
          : script(session, request, steps);
    } catch (DatabaseException e) {
      throw SqlErrors.translate(e);
    } finally {
      // What a script leaves open ends with it.
      session.rollback();
    }
  }

  private StatementResult one(Session session, SqlRequest request) {
    ScriptStatements host =
        new ScriptStatements(zetaSql, warehouse, statements, session, request, Temporaries.NONE);
    Environment environment =
        request.sql().contains(SYSTEM_VARIABLE)
            ? new Environment(Map.of(), host.systemVariables(), Optional.empty())
            : Environment.NONE;
    return host.execute(request.sql(), environment, request.dryRun());
  }

  /** The service takes a statement that creates a procedure for a script. */
  private static StatementResult asScript(StatementResult result) {
    return result.statementType().equals(Routines.CREATE_PROCEDURE)
        ? StatementResult.script(null, null, 0, List.of())
        : result;
  }

  private StatementResult script(Session session, SqlRequest request, Steps steps) {
    String sql = Placeholders.named(request.sql(), 0);
    try (Temporaries temporaries =
        new Temporaries(warehouse, request.project(), request.location())) {
      ScriptStatements host =
          new ScriptStatements(zetaSql, warehouse, statements, session, request, temporaries);
      ScriptText script = new ScriptText(sql, host.parse(sql));
      if (isQueryWithFunctions(script.statements())) {
        StatementResult last = null;
        for (Message statement : script.statements()) {
          last = host.execute(script.statement(statement), Environment.NONE, request.dryRun());
        }
        return last;
      }
      return request.dryRun() ? plan(host, script) : new Interpreter(host, steps).run(script);
    }
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
