package io.gkp.localbigquery.sql;

import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.ApiException;
import io.gkp.localbigquery.storage.Warehouse;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** GoogleSQL by Google's own analyzer and reference engine. */
public final class ZetaSqlEngine implements SqlEngine {
  private static final Pattern TRANSACTION_CONTROL =
      Pattern.compile("(?i)(BEGIN|COMMIT|ROLLBACK)(\\s+TRANSACTION)?\\s*;?\\s*");

  private final ZetaSql zetaSql = ZetaSql.instance();
  private final Warehouse warehouse;
  private final Statements statements;

  public ZetaSqlEngine(Warehouse warehouse) {
    this.warehouse = warehouse;
    this.statements = new Statements(zetaSql, warehouse);
  }

  /** The text as ZetaSQL can read it; its meaning stays. */
  static String prepared(String sql) {
    return Synonyms.replace(QuotedPaths.unquote(sql));
  }

  @Override
  public StatementResult execute(SqlRequest request) {
    List<String> script = Script.statements(zetaSql, request.sql());
    Parameters parameters = Parameters.of(request.parameters());
    if (script.size() == 1 && !TRANSACTION_CONTROL.matcher(script.get(0).strip()).matches()) {
      return statements.run(script.get(0), 0, Scope.of(request), parameters, request.dryRun());
    }
    return script(script, request, parameters);
  }

  /** Reports what all statements read, and returns the rows of the last one. */
  private StatementResult script(List<String> script, SqlRequest request, Parameters parameters) {
    Transaction transaction = null;
    StatementResult last = null;
    long bytes = 0;
    Set<TableReference> referenced = new LinkedHashSet<>();
    int placeholders = 0;
    for (String sql : script) {
      Matcher control = TRANSACTION_CONTROL.matcher(sql.strip());
      if (control.matches()) {
        transaction = transaction(control.group(1).toUpperCase(Locale.ROOT), transaction, request);
        last = null;
        continue;
      }
      Statements on = transaction == null ? statements : new Statements(zetaSql, transaction);
      last = on.run(sql, placeholders, Scope.of(request), parameters, request.dryRun());
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
        hasRows ? last.rows() : List.of(),
        -1,
        bytes,
        List.copyOf(referenced),
        null,
        null);
  }

  private Transaction transaction(String control, Transaction current, SqlRequest request) {
    if (control.equals("BEGIN")) {
      if (current != null) {
        throw ApiException.invalidQuery("Cannot begin a nested transaction");
      }
      return new Transaction(warehouse);
    }
    if (current == null) {
      throw ApiException.invalidQuery(
          control.equals("COMMIT")
              ? "Cannot commit without an active transaction"
              : "Cannot rollback without an active transaction");
    }
    if (control.equals("COMMIT") && !request.dryRun()) {
      current.commit();
    }
    return null;
  }
}
