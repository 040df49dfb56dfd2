package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.storage.Database;
import io.gkp.localbigquery.storage.DatabaseException;
import io.gkp.localbigquery.storage.Session;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GoogleSQL, as Google's own analyzer understands it, on DuckDB. */
public final class ZetaSqlEngine implements SqlEngine {
  private static final Pattern TRANSACTION_CONTROL =
      Pattern.compile("(?i)(BEGIN|COMMIT|ROLLBACK)(\\s+TRANSACTION)?\\s*;?\\s*");

  private final ZetaSql zetaSql = ZetaSql.instance();
  private final Warehouse warehouse;
  private final Statements statements;

  public ZetaSqlEngine(Database database, Warehouse warehouse) {
    this.warehouse = warehouse;
    this.statements = new Statements(zetaSql, warehouse, database);
  }

  /** The text as ZetaSQL can read it; its meaning stays. */
  static String prepared(String sql) {
    return Synonyms.replace(QuotedPaths.unquote(sql));
  }

  @Override
  public StatementResult execute(Session session, SqlRequest request) {
    try {
      return executed(session, request);
    } catch (DatabaseException e) {
      throw SqlErrors.translate(e);
    } finally {
      // What a script leaves open ends with it.
      session.rollback();
    }
  }

  private StatementResult executed(Session session, SqlRequest request) {
    List<String> script = Script.statements(zetaSql, request.sql());
    Parameters parameters = Parameters.of(request.parameters());
    if (script.size() == 1 && !TRANSACTION_CONTROL.matcher(script.get(0).strip()).matches()) {
      return statements.run(
          session, script.get(0), 0, Scope.of(request), parameters, request.dryRun());
    }
    return script(session, script, request, parameters);
  }

  /** Reports what all statements read, and returns the rows of the last one. */
  private StatementResult script(
      Session session, List<String> script, SqlRequest request, Parameters parameters) {
    StatementResult last = null;
    long bytes = 0;
    Set<TableReference> referenced = new LinkedHashSet<>();
    int placeholders = 0;
    for (String sql : script) {
      Matcher control = TRANSACTION_CONTROL.matcher(sql.strip());
      if (control.matches()) {
        control(session, control.group(1).toUpperCase(Locale.ROOT), request.dryRun());
        last = null;
        continue;
      }
      last =
          statements.run(
              session, sql, placeholders, Scope.of(request), parameters, request.dryRun());
      placeholders += Placeholders.count(sql);
      bytes += last.bytesProcessed();
      referenced.addAll(last.referencedTables());
      if (request.dryRun() && last.ddlTarget() != null) {
        // What follows may depend on what is not done.
        break;
      }
    }
    boolean hasRows = last != null && last.ddlTarget() == null && !request.dryRun();
    return new StatementResult(
        "SCRIPT",
        hasRows ? last.schema() : null,
        hasRows ? last.rows() : null,
        -1,
        bytes,
        List.copyOf(referenced),
        null,
        null,
        null);
  }

  private void control(Session session, String control, boolean dryRun) {
    if (dryRun) {
      return;
    }
    if (control.equals("BEGIN")) {
      if (session.inTransaction()) {
        throw ApiException.invalidQuery("Cannot begin a nested transaction");
      }
      session.begin();
      return;
    }
    if (!session.inTransaction()) {
      throw ApiException.invalidQuery(
          "Cannot " + control.toLowerCase(Locale.ROOT) + " without an active transaction");
    }
    if (control.equals("COMMIT")) {
      warehouse.commit(session);
    } else {
      session.rollback();
    }
  }
}
