package io.gkp.localbigquery.script;

import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.value.TypedValue;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The errors that a script's handlers are busy with, the innermost first.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/standard-sql/procedural-language#beginexceptionend">BEGIN...EXCEPTION</a>
 */
final class ScriptErrors {
  /** What no handler may hide: it is the local service's fault, or the job is to stop. */
  private static final Set<String> PASSING =
      Set.of("notImplemented", "internalError", "jobInternalError", "stopped");

  private static final TypeProto STRING =
      TypeProto.newBuilder().setTypeKind(TypeKind.TYPE_STRING).build();

  /**
   * An error in the statement that raised it.
   *
   * @param trace where it was raised, one line for each text that ran
   */
  record Raised(ApiException error, String statement, String trace) {}

  private final Deque<Raised> handled = new ArrayDeque<>();

  /** The innermost statement that failed, until somebody handles it. */
  private Raised failed;

  static boolean canBeHandled(ApiException error) {
    return !PASSING.contains(error.reason());
  }

  /** Keeps the first statement that an error passes, and where all others stand. */
  void passing(ApiException error, String statement, String place) {
    failed =
        failed != null && failed.error() == error
            ? new Raised(error, failed.statement(), failed.trace() + "\n" + place)
            : new Raised(error, statement, place);
  }

  void handle(ApiException error) {
    handled.push(failed != null && failed.error() == error ? failed : new Raised(error, "", ""));
    failed = null;
  }

  void handled() {
    handled.pop();
  }

  Optional<ApiException> current() {
    return Optional.ofNullable(handled.peek()).map(Raised::error);
  }

  Map<String, TypedValue> variables() {
    Raised now = handled.peek();
    return Map.of(
        "error.message", text(now == null ? null : now.error().getMessage()),
        "error.statement_text", text(now == null ? null : now.statement()),
        "error.formatted_stack_trace", text(now == null ? null : now.trace()));
  }

  private static TypedValue text(String text) {
    return text == null
        ? TypedValue.unset(STRING)
        : new TypedValue(STRING, ValueProto.newBuilder().setStringValue(text).build());
  }
}
