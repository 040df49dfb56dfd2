package io.gkp.localbigquery.script;

import com.google.zetasql.ZetaSQLType.ArrayTypeProto;
import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.StructTypeProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.value.TypedValue;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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
   * @param trace where it was raised, one place for each text that ran, the innermost first
   */
  record Raised(ApiException error, String statement, List<Place> trace) {}

  /**
   * Where a statement stands.
   *
   * @param location the procedure; empty for the script itself
   */
  record Place(String location, int line, int column) {
    private String text() {
      return "At " + location + "[" + line + ":" + column + "]";
    }

    private ValueProto struct() {
      return ValueProto.newBuilder()
          .setStructValue(
              ValueProto.Struct.newBuilder()
                  .addField(ValueProto.newBuilder().setInt64Value(line))
                  .addField(ValueProto.newBuilder().setInt64Value(column))
                  .addField(ValueProto.getDefaultInstance())
                  .addField(
                      location.isEmpty()
                          ? ValueProto.getDefaultInstance()
                          : ValueProto.newBuilder().setStringValue(location).build()))
          .build();
    }
  }

  private static final TypeProto PLACES = places();

  private final Deque<Raised> handled = new ArrayDeque<>();

  /** The innermost statement that failed, until somebody handles it. */
  private Raised failed;

  static boolean canBeHandled(ApiException error) {
    return !PASSING.contains(error.reason());
  }

  /** Keeps the first statement that an error passes, and where all others stand. */
  void passing(ApiException error, String statement, Place place) {
    if (failed == null || failed.error() != error) {
      failed = new Raised(error, statement, new ArrayList<>());
    }
    failed.trace().add(place);
  }

  void handle(ApiException error) {
    handled.push(
        failed != null && failed.error() == error ? failed : new Raised(error, "", List.of()));
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
        "error.formatted_stack_trace",
            text(
                now == null
                    ? null
                    : now.trace().stream().map(Place::text).collect(Collectors.joining("\n"))),
        "error.stack_trace", places(now));
  }

  private static TypedValue places(Raised now) {
    if (now == null) {
      return TypedValue.unset(PLACES);
    }
    ValueProto.Array.Builder places = ValueProto.Array.newBuilder();
    now.trace().forEach(place -> places.addElement(place.struct()));
    return new TypedValue(PLACES, ValueProto.newBuilder().setArrayValue(places).build());
  }

  private static TypeProto places() {
    StructTypeProto.Builder place = StructTypeProto.newBuilder();
    Map<String, TypeKind> fields = new LinkedHashMap<>();
    fields.put("line", TypeKind.TYPE_INT64);
    fields.put("column", TypeKind.TYPE_INT64);
    fields.put("filename", TypeKind.TYPE_STRING);
    fields.put("location", TypeKind.TYPE_STRING);
    fields.forEach(
        (name, kind) ->
            place.addField(
                StructFieldProto.newBuilder()
                    .setFieldName(name)
                    .setFieldType(TypeProto.newBuilder().setTypeKind(kind))));
    return TypeProto.newBuilder()
        .setTypeKind(TypeKind.TYPE_ARRAY)
        .setArrayType(
            ArrayTypeProto.newBuilder()
                .setElementType(
                    TypeProto.newBuilder().setTypeKind(TypeKind.TYPE_STRUCT).setStructType(place)))
        .build();
  }

  private static TypedValue text(String text) {
    return text == null
        ? TypedValue.unset(STRING)
        : new TypedValue(STRING, ValueProto.newBuilder().setStringValue(text).build());
  }
}
