package io.gkp.localbigquery.script;

import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.parser.ASTScriptProto;
import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.sql.value.Environment;
import io.gkp.localbigquery.sql.value.TypedValue;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Runs the statements of a script and computes its expressions. */
public interface ScriptHost {
  /** Throws {@code invalidQuery} for what is no script. */
  ASTScriptProto parse(String sql);

  /**
   * Each row that the query returns, as a STRUCT of its columns.
   *
   * @throws io.gkp.localbigquery.api.ApiException {@code responseTooLarge} for very many
   */
  List<TypedValue> rows(String query, Environment environment);

  /** How a type is written. */
  String sql(TypeProto type);

  /** Runs a statement without control flow. */
  StatementResult execute(String sql, Environment environment);

  /** The rows of a statement that has run, each as a STRUCT; none where it returns none. */
  List<TypedValue> rows(StatementResult result);

  void begin();

  void commit();

  void rollback();

  /** Throws {@code notFound} where there is no such procedure. */
  Procedure procedure(List<String> path);

  /** Calls one of the service's own procedures; false where there is none of this name. */
  boolean callSystemProcedure(List<String> path, Supplier<List<TypedValue>> arguments);

  /** Throws {@code notImplemented} for a system variable that cannot be set. */
  void setSystemVariable(String path, TypedValue value);

  /** Those that the script itself does not know, by path. */
  Map<String, TypedValue> systemVariables();
}
