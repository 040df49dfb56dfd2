package io.gkp.localbigquery.translate;

import com.google.zetasql.Function;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.javascript.JavaScriptFunction;
import io.gkp.localbigquery.sql.analysis.PassedErrors;
import io.gkp.localbigquery.storage.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBReadableVector;
import org.duckdb.DuckDBWritableVector;

/** A function in JavaScript, for DuckDB. The analyzer knows it by a group of its own. */
public record JavaScriptEvaluation(JavaScriptFunction function) implements Evaluation {
  private static final String GROUP = "JavaScript#";

  /** The group that leads to this function in an analyzed statement. */
  public static String group(JavaScriptFunction function) {
    return GROUP + Evaluation.number(new JavaScriptEvaluation(function));
  }

  /** Nothing where the function is another one's. */
  static Optional<JavaScriptEvaluation> of(Function function) {
    return function.getGroup().startsWith(GROUP)
        ? Optional.of(
            (JavaScriptEvaluation)
                Evaluation.of(Long.parseLong(function.getGroup().substring(GROUP.length()))))
        : Optional.empty();
  }

  static boolean isName(String fullName) {
    return fullName.startsWith(GROUP);
  }

  List<Column> columns() {
    return function.types().stream().map(Types::column).toList();
  }

  Column resultColumn() {
    return Types.column(function.result());
  }

  @Override
  public void evaluate(DuckDBDataChunkReader in, DuckDBWritableVector out) {
    List<Column> columns = columns();
    DuckDBReadableVector[] vectors = new DuckDBReadableVector[columns.size()];
    for (int i = 0; i < vectors.length; i++) {
      vectors[i] = in.vector(i + 1);
    }
    List<Object[]> rows = new ArrayList<>();
    for (int row = 0; row < in.rowCount(); row++) {
      Object[] arguments = new Object[vectors.length];
      for (int i = 0; i < arguments.length; i++) {
        arguments[i] = Vectors.read(columns.get(i), vectors[i], row);
      }
      rows.add(arguments);
    }
    List<Object> results;
    try {
      results = function.call(rows);
    } catch (ApiException e) {
      throw new IllegalArgumentException(PassedErrors.write(e));
    }
    Column result = resultColumn();
    for (int row = 0; row < results.size(); row++) {
      Vectors.write(result, results.get(row), out, row);
    }
  }
}
