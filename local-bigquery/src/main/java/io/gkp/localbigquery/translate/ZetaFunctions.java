package io.gkp.localbigquery.translate;

import com.google.protobuf.Message;
import com.google.zetasql.Analyzer;
import com.google.zetasql.AnyResolvedExprProto;
import com.google.zetasql.FileDescriptorSetsBuilder;
import com.google.zetasql.Type;
import com.google.zetasql.resolvedast.ResolvedNodes.ResolvedExpr;
import io.gkp.localbigquery.sql.analysis.Memo;
import io.gkp.localbigquery.storage.Border;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.Database;
import io.gkp.localbigquery.storage.Session;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.duckdb.DuckDBColumnType;
import org.duckdb.DuckDBFunctions;
import org.duckdb.DuckDBLogicalType;
import org.duckdb.DuckDBScalarFunctionBuilder;

/**
 * ZetaSQL as functions of DuckDB: a vector of rows goes in as one parameter, an array of STRUCTs,
 * of a query that was prepared once.
 *
 * <p>DuckDB never forgets a function, so there is one for each combination of argument and result
 * types; which expression it evaluates is its first argument.
 */
public final class ZetaFunctions {
  private static final int MOST_TEXTS = 5000;
  private static final Memo<Message, String> TEXTS = new Memo<>(MOST_TEXTS, (tree, text) -> 1);

  private final Database database;
  private final ResolvedAst ast;
  private final Set<String> registered = ConcurrentHashMap.newKeySet();

  public ZetaFunctions(Database database, ResolvedAst ast) {
    this.database = database;
    this.ast = ast;
  }

  /** How GoogleSQL writes the expression. */
  String sql(ResolvedExpr expression) {
    AnyResolvedExprProto.Builder tree = AnyResolvedExprProto.newBuilder();
    expression.serialize(new FileDescriptorSetsBuilder(), tree);
    return TEXTS.get(
        tree.build(), unknown -> Analyzer.buildExpression(expression, ast.functions()));
  }

  /**
   * SQL that has ZetaSQL evaluate an expression.
   *
   * @param expression over columns a0, a1 ...
   * @param types of these columns
   * @param arguments their values, as SQL
   */
  String call(String expression, List<Type> types, List<String> arguments, Type result) {
    ZetaEvaluation evaluation =
        ZetaEvaluation.of(
            expression, types.stream().map(Type::serialize).toList(), result.serialize());
    return call(evaluation, evaluation.columns(), evaluation.resultColumn(), arguments);
  }

  /** SQL that calls a function in JavaScript. */
  String call(JavaScriptEvaluation function, List<String> arguments) {
    return call(function, function.columns(), function.resultColumn(), arguments);
  }

  private String call(
      Evaluation evaluation, List<Column> columns, Column resultColumn, List<String> arguments) {
    long number = Evaluation.number(evaluation);
    StringBuilder name = new StringBuilder("zeta_" + letter(resultColumn));
    columns.forEach(column -> name.append(letter(column)));
    register(name.toString(), columns, resultColumn);
    List<String> passed = new ArrayList<>();
    passed.add("CAST(" + number + " AS BIGINT)");
    for (int i = 0; i < columns.size(); i++) {
      passed.add(Border.out(columns.get(i), arguments.get(i)));
    }
    return Border.in(resultColumn, name + "(" + String.join(", ", passed) + ")");
  }

  /** Another one for each of the border's types. */
  private static char letter(Column column) {
    return switch (Border.type(column)) {
      case "BIGINT" -> 'i';
      case "DOUBLE" -> 'd';
      case "BOOLEAN" -> 'b';
      case "VARCHAR" -> 't';
      default -> 'n';
    };
  }

  private static DuckDBLogicalType type(Column column) throws SQLException {
    String type = Border.type(column);
    return type.startsWith("DECIMAL")
        ? DuckDBLogicalType.decimal(38, 9)
        : DuckDBLogicalType.of(DuckDBColumnType.valueOf(type));
  }

  private void register(String name, List<Column> columns, Column result) {
    synchronized (registered) {
      if (registered.contains(name)) {
        return;
      }
      try (Session session = database.session();
          DuckDBScalarFunctionBuilder function = DuckDBFunctions.scalarFunction()) {
        function.withName(name).withParameter(DuckDBLogicalType.of(DuckDBColumnType.BIGINT));
        for (Column column : columns) {
          function.withParameter(type(column));
        }
        function
            .withReturnType(type(result))
            .withVectorizedFunction(
                (in, out) -> Evaluation.of(in.vector(0).getLong(0)).evaluate(in, out))
            .register(session.jdbc());
        registered.add(name);
      } catch (SQLException e) {
        throw new IllegalStateException("DuckDB takes no functions", e);
      }
    }
  }
}
