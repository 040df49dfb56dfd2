package io.gkp.localbigquery.script;

import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.value.Environment;
import io.gkp.localbigquery.sql.value.TypedValue;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Computes the expressions of a script. */
final class Evaluator {
  /** What a value is called that is to become a variable's. */
  private static final String FITTED = "_fitted_";

  private static final TypeProto INT64 =
      TypeProto.newBuilder().setTypeKind(TypeKind.TYPE_INT64).build();

  private static final TypeProto STRING =
      TypeProto.newBuilder().setTypeKind(TypeKind.TYPE_STRING).build();

  private final ScriptHost host;
  private final ScriptErrors errors;
  private final Map<String, TypedValue> known = new HashMap<>();

  Evaluator(ScriptHost host, ScriptErrors errors) {
    this.host = host;
    this.errors = errors;
    count("row_count", 0);
    count("script.num_child_jobs", 0);
    count("script.bytes_processed", 0);
    count("script.bytes_billed", 0);
    count("script.slot_ms", 0);
    known.put("script.creation_time", now());
  }

  private static TypedValue now() {
    Instant now = Instant.now();
    return new TypedValue(
        TypeProto.newBuilder().setTypeKind(TypeKind.TYPE_TIMESTAMP).build(),
        ValueProto.newBuilder()
            .setTimestampValue(
                Timestamp.newBuilder()
                    .setSeconds(now.getEpochSecond())
                    .setNanos(now.getNano() / 1000 * 1000))
            .build());
  }

  void count(String systemVariable, long value) {
    known.put(
        systemVariable,
        new TypedValue(INT64, ValueProto.newBuilder().setInt64Value(value).build()));
  }

  void know(String systemVariable, String value) {
    known.put(
        systemVariable,
        new TypedValue(STRING, ValueProto.newBuilder().setStringValue(value).build()));
  }

  Environment environment(Frame frame) {
    Map<String, TypedValue> system = new HashMap<>(host.systemVariables());
    system.putAll(known);
    system.putAll(errors.variables());
    return new Environment(frame.variables().visible(), system, frame.arguments());
  }

  TypedValue value(Frame frame, Message expression) {
    return value(frame, frame.source().query(expression));
  }

  private TypedValue value(Frame frame, String query) {
    return host.rows(query, environment(frame)).get(0).field(0);
  }

  boolean isTrue(Frame frame, Message condition) {
    return as(type("BOOL", frame), frame, condition).isTrue();
  }

  /** Whether two expressions are equal, as {@code =} has it. */
  boolean areEqual(Frame frame, Message left, Message right) {
    ScriptText source = frame.source();
    return value(frame, "SELECT (" + source.of(left) + "\n) = (" + source.of(right) + "\n)")
        .isTrue();
  }

  /**
   * The value as an assignment to a variable of this type takes it.
   *
   * @throws ApiException {@code invalidQuery} where it is of a type that does not become this one
   *     by itself
   */
  TypedValue as(TypeProto type, Frame frame, Message expression) {
    TypedValue plain = value(frame, expression);
    if (areSame(plain.type(), type)) {
      return plain;
    }
    // The analyzer finds the type that both branches have in common: it shall be that one.
    String query =
        "SELECT IF(FALSE, CAST(NULL AS "
            + host.sql(type)
            + "), "
            + frame.source().of(expression)
            + "\n)";
    TypedValue common;
    try {
      common = value(frame, query);
    } catch (ApiException e) {
      if (!ScriptErrors.canBeHandled(e)) {
        throw e;
      }
      throw cannotCoerce(plain.type(), type);
    }
    if (!areSame(common.type(), type)) {
      throw cannotCoerce(plain.type(), type);
    }
    return common;
  }

  private boolean areSame(TypeProto one, TypeProto other) {
    return host.sql(one).equals(host.sql(other));
  }

  private ApiException cannotCoerce(TypeProto from, TypeProto to) {
    return ApiException.invalidQuery(
        "Cannot coerce expression of type " + host.sql(from) + " to type " + host.sql(to));
  }

  /** Assigns a value of the variable's type, which has to fit in the variable. */
  void set(Frame frame, String name, TypedValue value) {
    frame.variables().set(name, fitted(frame, name, value));
  }

  /**
   * The value as the variable holds it.
   *
   * @throws ApiException {@code invalidQuery} where it is longer, or has more digits, than the
   *     variable was declared for
   */
  TypedValue fitted(Frame frame, String name, TypedValue value) {
    Optional<String> limit = frame.variables().limit(name);
    if (limit.isEmpty()) {
      return value;
    }
    Environment known = environment(frame);
    Map<String, TypedValue> variables = new HashMap<>(known.variables());
    variables.put(FITTED, value);
    return host.rows(
            "SELECT CAST(" + FITTED + " AS " + limit.get() + "\n)",
            new Environment(variables, known.system(), known.arguments()))
        .get(0)
        .field(0);
  }

  /** Whether a declaration's type has a length, or precision and scale. */
  static boolean isLimited(String written) {
    return written.indexOf('(') >= 0;
  }

  /** The type that a declaration names. */
  TypeProto type(String written, Frame frame) {
    if (isLimited(written) && written.indexOf('<') >= 0) {
      throw ApiException.notImplemented("variables of types that hold types with parameters");
    }
    return value(frame, "SELECT CAST(NULL AS " + written + "\n)").type();
  }

  /**
   * A value of another variable, or of a row, as a variable of this type takes it: nothing is
   * converted.
   */
  TypedValue same(TypedValue value, TypeProto type) {
    if (areSame(value.type(), type)) {
      return value;
    }
    throw cannotCoerce(value.type(), type);
  }
}
