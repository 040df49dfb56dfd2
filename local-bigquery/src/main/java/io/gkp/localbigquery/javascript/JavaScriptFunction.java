package io.gkp.localbigquery.javascript;

import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ContextFactory;
import org.mozilla.javascript.EvaluatorException;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.JavaScriptException;
import org.mozilla.javascript.RhinoException;
import org.mozilla.javascript.Scriptable;
import org.mozilla.javascript.ScriptableObject;

/**
 * A function whose body is JavaScript. Values are as {@link io.gkp.localbigquery.storage.Warehouse}
 * has them.
 */
public record JavaScriptFunction(
    String name, String body, List<String> names, List<TypeProto> types, TypeProto result) {
  private static final long LONGEST_MILLIS = 60_000;

  /** Texts and comments go by, so that nothing in them is taken for code. */
  private static final Pattern LOOP_OVER_CONSTANTS =
      Pattern.compile(
          "'(?:\\\\.|[^'\\\\\n])*'|\"(?:\\\\.|[^\"\\\\\n])*\"|`(?:\\\\.|[^`\\\\])*`"
              + "|//[^\n]*|/\\*.*?\\*/|\\b(for\\s*\\(\\s*)const\\b",
          Pattern.DOTALL);

  private static final ContextFactory CONTEXTS = new Limited();

  /** Ends what does not end by itself. */
  private static final class Limited extends ContextFactory {
    private final ThreadLocal<Long> deadline = new ThreadLocal<>();

    @Override
    protected Context makeContext() {
      Context context = super.makeContext();
      context.setLanguageVersion(Context.VERSION_ECMASCRIPT);
      // Compiled code cannot be stopped.
      context.setInterpretedMode(true);
      context.setInstructionObserverThreshold(1_000_000);
      context.setClassShutter(className -> false);
      return context;
    }

    @Override
    protected Object doTopCall(
        org.mozilla.javascript.Callable callable,
        Context context,
        Scriptable scope,
        Scriptable self,
        Object[] arguments) {
      deadline.set(System.currentTimeMillis() + LONGEST_MILLIS);
      return super.doTopCall(callable, context, scope, self, arguments);
    }

    @Override
    protected void observeInstructionCount(Context context, int count) {
      if (System.currentTimeMillis() > deadline.get()) {
        throw ApiException.invalidQuery("UDF timed out");
      }
    }
  }

  /** Throws {@code notImplemented} for a type that such functions do not take. */
  public JavaScriptFunction {
    types.forEach(JavaScriptValues::checkArgument);
    JavaScriptValues.checkResult(result);
  }

  /**
   * Calls the function for each row of arguments.
   *
   * @throws ApiException {@code invalidQuery} with the error that it raised
   */
  public List<Object> call(List<Object[]> rows) {
    Context context = CONTEXTS.enterContext();
    try {
      ScriptableObject scope = context.initSafeStandardObjects();
      String source = "(function(" + String.join(", ", names) + ") {" + readable(body) + "\n})";
      Function function = (Function) context.evaluateString(scope, source, name, 1, null);
      JavaScriptValues values = new JavaScriptValues(context, scope);
      List<Object> results = new ArrayList<>();
      for (Object[] row : rows) {
        Object[] arguments = new Object[row.length];
        for (int i = 0; i < row.length; i++) {
          arguments[i] = values.in(types.get(i), row[i]);
        }
        results.add(values.out(result, function.call(context, scope, scope, arguments)));
      }
      return results;
    } catch (EvaluatorException e) {
      // It may be JavaScript that only the service's engine knows.
      throw ApiException.notImplemented("this JavaScript (" + message(e) + ")");
    } catch (RhinoException e) {
      throw ApiException.invalidQuery(message(e));
    } catch (StackOverflowError e) {
      throw ApiException.invalidQuery(
          "RangeError: Maximum call stack size exceeded at " + signature());
    } finally {
      Context.exit();
    }
  }

  /**
   * The code with LET in the place of CONST where Rhino cannot read that: in the head of a loop.
   */
  private static String readable(String code) {
    return LOOP_OVER_CONSTANTS
        .matcher(code)
        .replaceAll(
            found ->
                Matcher.quoteReplacement(
                    found.group(1) == null ? found.group() : found.group(1) + "let  "));
  }

  private String message(RhinoException error) {
    String what =
        error instanceof JavaScriptException thrown
            ? Context.toString(thrown.getValue())
            : error.details();
    return what
        + " at "
        + signature()
        + " line "
        + Math.max(1, error.lineNumber())
        + ", column "
        + Math.max(1, error.columnNumber());
  }

  private String signature() {
    return name + types.stream().map(SqlTypes::sql).collect(Collectors.joining(", ", "(", ")"));
  }
}
