package io.gkp.localbigquery.sql;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zetasql.Function;
import com.google.zetasql.FunctionArgumentType;
import com.google.zetasql.FunctionSignature;
import com.google.zetasql.SimpleCatalog;
import com.google.zetasql.Type;
import com.google.zetasql.ZetaSQLBuiltinFunctionOptions;
import com.google.zetasql.ZetaSQLFunctions.FunctionEnums.Mode;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.analysis.Dialect;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the analyzer takes is computed, refused by name, or an error of the query. */
class EverySignatureTest {
  private static final Set<String> ANSWERS = Set.of("invalidQuery", "notImplemented");

  @Test
  void noneEndsInAnInternalError(@TempDir Path directory) {
    Sandbox sandbox = new Sandbox(directory);
    SimpleCatalog catalog = new SimpleCatalog("any");
    catalog.addZetaSQLFunctionsAndTypes(new ZetaSQLBuiltinFunctionOptions(Dialect.bigQuery()));
    Set<String> calls = new TreeSet<>();
    for (Function function : catalog.getFunctionList()) {
      if (!function.getName().startsWith("$")) {
        function.getSignatureList().forEach(signature -> add(function, signature, calls));
      }
    }
    List<String> failed = new ArrayList<>();
    for (String call : calls) {
      try {
        sandbox.rows("SELECT " + call + " FROM UNNEST([1]) AS one");
      } catch (ApiException e) {
        if (!ANSWERS.contains(e.reason())) {
          failed.add(call + ": " + e.reason() + ": " + e.getMessage());
        }
      } catch (RuntimeException e) {
        failed.add(call + ": " + e);
      }
    }
    assertThat(calls.size()).as("calls").isGreaterThan(500);
    assertThat(failed).isEmpty();
  }

  /** With all arguments, and without those that may be left out. */
  private static void add(Function function, FunctionSignature signature, Set<String> calls) {
    String name = function.getSqlName().isEmpty() ? function.getName() : function.getSqlName();
    List<String> arguments = new ArrayList<>();
    List<String> required = new ArrayList<>();
    for (FunctionArgumentType argument : signature.getFunctionArgumentList()) {
      arguments.add(value(argument));
      if (argument.isRequired()) {
        required.add(value(argument));
      }
    }
    calls.add(call(function, name, arguments));
    calls.add(call(function, name, required));
  }

  private static String call(Function function, String name, List<String> arguments) {
    return name
        + "("
        + String.join(", ", arguments)
        + ")"
        + (function.getMode() == Mode.ANALYTIC ? " OVER (ORDER BY one)" : "");
  }

  private static String value(FunctionArgumentType argument) {
    Type type = argument.getType();
    if (type == null) {
      return argument.getKind().name().contains("ARRAY") ? "[1]" : "1";
    }
    return type.isEnum() || type.isProto()
        ? "DAY"
        : "CAST(NULL AS " + SqlTypes.sql(type.serialize()) + ")";
  }
}
