package io.gkp.localbigquery.sql.analysis;

import com.google.api.services.bigquery.model.QueryParameter;
import com.google.api.services.bigquery.model.QueryParameterType;
import com.google.api.services.bigquery.model.QueryParameterType.StructTypes;
import com.google.api.services.bigquery.model.QueryParameterValue;
import com.google.protobuf.Message;
import com.google.zetasql.LocalService.Parameter;
import com.google.zetasql.ResolvedParameterProto;
import com.google.zetasql.ZetaSQLOptions.ParameterMode;
import com.google.zetasql.ZetaSQLOptionsProto.AnalyzerOptionsProto;
import com.google.zetasql.ZetaSQLOptionsProto.AnalyzerOptionsProto.QueryParameterProto;
import com.google.zetasql.ZetaSQLType.RangeTypeProto;
import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.StructTypeProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import io.gkp.localbigquery.sql.text.Placeholders;
import io.gkp.localbigquery.sql.value.Environment;
import io.gkp.localbigquery.sql.value.SqlTypes;
import io.gkp.localbigquery.sql.value.TextValues;
import io.gkp.localbigquery.sql.value.ValueDecoder;
import io.gkp.localbigquery.sql.value.ValueEncoder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * The parameters of one request, named or positional.
 *
 * <p>ZetaSQL's service evaluates named parameters only, so positional ones are passed as
 * {@code @_p1}, {@code @_p2} ... once the statement has been analyzed.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/parameterized-queries">Parameterized
 *     queries</a>
 */
public final class Parameters {
  public static final Parameters NONE =
      new Parameters(List.of(), List.of(), List.of(), Environment.NONE, false);

  private final List<String> names;
  private final List<TypeProto> types;
  private final List<ValueProto> values;
  private final Environment environment;
  private final boolean open;

  /**
   * @param open whether the statement may name parameters that are not here
   */
  private Parameters(
      List<String> names,
      List<TypeProto> types,
      List<ValueProto> values,
      Environment environment,
      boolean open) {
    this.open = open;
    this.names = names;
    this.types = types;
    this.values = values;
    this.environment = environment;
  }

  /** Throws {@code invalid} where a value does not read as its type. */
  public static Parameters of(List<QueryParameter> parameters) {
    List<String> names = new ArrayList<>();
    List<TypeProto> types = new ArrayList<>();
    List<ValueProto> values = new ArrayList<>();
    for (QueryParameter parameter : parameters) {
      String name = parameter.getName();
      if (name == null || name.isEmpty()) {
        name = Placeholders.name(names.size() + 1);
      }
      TypeProto type = type(parameter.getParameterType());
      names.add(name);
      types.add(type);
      values.add(ValueEncoder.encode(type, value(type, parameter.getParameterValue())));
    }
    return new Parameters(names, types, values, Environment.NONE, false);
  }

  /** Whether a statement may name none. */
  public boolean isNone() {
    return names.isEmpty() && !open && environment.equals(Environment.NONE);
  }

  /** The same, for a statement that may name others as well. */
  public Parameters open() {
    return new Parameters(names, types, values, environment, true);
  }

  /** The same, and those that the analyzed statement names and nobody has declared, as NULL. */
  public Parameters with(Map<String, TypeProto> undeclared) {
    List<String> allNames = new ArrayList<>(names);
    List<TypeProto> allTypes = new ArrayList<>(types);
    List<ValueProto> allValues = new ArrayList<>(values);
    undeclared.forEach(
        (name, type) -> {
          allNames.add(name);
          allTypes.add(type);
          allValues.add(ValueProto.getDefaultInstance());
        });
    return new Parameters(allNames, allTypes, allValues, environment, false);
  }

  /** The types of the parameters that the statement names and nobody has declared, by name. */
  public Map<String, TypeProto> undeclared(Message statement) {
    Set<String> declared = byName().keySet();
    Map<String, TypeProto> undeclared = new LinkedHashMap<>();
    for (var parameter : Trees.all(statement, ResolvedParameterProto.class)) {
      if (!declared.contains(parameter.getName())) {
        undeclared.putIfAbsent(parameter.getName(), parameter.getParent().getType());
      }
    }
    return undeclared;
  }

  /** As the API tells clients of it. A positional one has no name. */
  public static QueryParameter described(String name, TypeProto type) {
    return new QueryParameter()
        .setName(Placeholders.isName(name) ? null : name)
        .setParameterType(described(type));
  }

  private static QueryParameterType described(TypeProto type) {
    if (type.hasArrayType()) {
      return new QueryParameterType()
          .setType("ARRAY")
          .setArrayType(described(type.getArrayType().getElementType()));
    }
    if (type.hasStructType()) {
      return new QueryParameterType()
          .setType("STRUCT")
          .setStructTypes(
              type.getStructType().getFieldList().stream()
                  .map(
                      field ->
                          new StructTypes()
                              .setName(field.getFieldName())
                              .setType(described(field.getFieldType())))
                  .toList());
    }
    return new QueryParameterType().setType(SqlTypes.sql(type));
  }

  /** Those of a statement of a script, which sees the script's variables as well. */
  public Parameters in(Environment script) {
    if (script.arguments().isEmpty()) {
      return new Parameters(names, types, values, script, open);
    }
    List<String> passedNames = new ArrayList<>();
    List<TypeProto> passedTypes = new ArrayList<>();
    List<ValueProto> passedValues = new ArrayList<>();
    for (Environment.Argument argument : script.arguments().get()) {
      passedNames.add(argument.name().orElse(Placeholders.name(passedNames.size() + 1)));
      passedTypes.add(argument.value().type());
      passedValues.add(argument.value().value());
    }
    return new Parameters(passedNames, passedTypes, passedValues, script, open);
  }

  /** The script's variables. */
  ScriptVariables variables() {
    return new ScriptVariables(environment);
  }

  void declare(AnalyzerOptionsProto.Builder options) {
    declareNamed(options);
    variables().declare(options);
  }

  /** Without the system variables, of which the reference engine would need values. */
  void declareNamed(AnalyzerOptionsProto.Builder options) {
    options.setParameterMode(ParameterMode.PARAMETER_NAMED);
    options.setAllowUndeclaredParameters(open);
    for (int i = 0; i < names.size(); i++) {
      options.addQueryParameters(
          QueryParameterProto.newBuilder()
              .setName(names.get(i).toLowerCase(Locale.ROOT))
              .setType(types.get(i)));
    }
  }

  /** By name, in lower case. */
  public Map<String, ValueProto> byName() {
    Map<String, ValueProto> byName = new HashMap<>();
    for (int i = 0; i < names.size(); i++) {
      byName.put(names.get(i).toLowerCase(Locale.ROOT), values.get(i));
    }
    byName.putAll(variables().byParameter());
    return byName;
  }

  List<Parameter> values() {
    List<Parameter> result = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      result.add(
          Parameter.newBuilder()
              .setName(names.get(i).toLowerCase(Locale.ROOT))
              .setValue(values.get(i))
              .build());
    }
    return result;
  }

  private static TypeProto type(QueryParameterType type) {
    switch (type.getType().toUpperCase(Locale.ROOT)) {
      case "ARRAY":
        return SqlTypes.array(type(type.getArrayType()));
      case "STRUCT":
      case "RECORD":
        StructTypeProto.Builder struct = StructTypeProto.newBuilder();
        for (StructTypes field : type.getStructTypes()) {
          struct.addField(
              StructFieldProto.newBuilder()
                  .setFieldName(field.getName() == null ? "" : field.getName())
                  .setFieldType(type(field.getType())));
        }
        return TypeProto.newBuilder()
            .setTypeKind(TypeKind.TYPE_STRUCT)
            .setStructType(struct)
            .build();
      case "RANGE":
        return TypeProto.newBuilder()
            .setTypeKind(TypeKind.TYPE_RANGE)
            .setRangeType(
                RangeTypeProto.newBuilder().setElementType(type(type.getRangeElementType())))
            .build();
      default:
        return SqlTypes.simple(SqlTypes.kind(type.getType()));
    }
  }

  private static Object value(TypeProto type, QueryParameterValue value) {
    if (value == null) {
      return null;
    }
    if (type.hasArrayType()) {
      if (value.getArrayValues() == null) {
        return List.of();
      }
      List<Object> elements = new ArrayList<>();
      for (QueryParameterValue element : value.getArrayValues()) {
        elements.add(value(type.getArrayType().getElementType(), element));
      }
      return elements;
    }
    if (type.hasStructType()) {
      Map<String, QueryParameterValue> values = value.getStructValues();
      return values == null
          ? null
          : type.getStructType().getFieldList().stream()
              .map(field -> value(field.getFieldType(), values.get(field.getFieldName())))
              .toArray();
    }
    if (type.hasRangeType() && value.getRangeValue() != null) {
      return "["
          + bound(type, value.getRangeValue().getStart())
          + ", "
          + bound(type, value.getRangeValue().getEnd())
          + ")";
    }
    return value.getValue() == null ? null : TextValues.parse(type, value.getValue());
  }

  /** As text, checked. */
  private static String bound(TypeProto range, QueryParameterValue bound) {
    if (bound == null || bound.getValue() == null) {
      return ValueDecoder.UNBOUNDED;
    }
    TextValues.parse(range.getRangeType().getElementType(), bound.getValue());
    return bound.getValue();
  }
}
