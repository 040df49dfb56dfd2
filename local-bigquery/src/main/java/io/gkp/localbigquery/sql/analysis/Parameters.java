package io.gkp.localbigquery.sql.analysis;

import com.google.api.services.bigquery.model.QueryParameter;
import com.google.api.services.bigquery.model.QueryParameterType;
import com.google.api.services.bigquery.model.QueryParameterType.StructTypes;
import com.google.api.services.bigquery.model.QueryParameterValue;
import com.google.zetasql.LocalService.Parameter;
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
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
      new Parameters(List.of(), List.of(), List.of(), Environment.NONE);

  private final List<String> names;
  private final List<TypeProto> types;
  private final List<ValueProto> values;
  private final Environment environment;

  private Parameters(
      List<String> names, List<TypeProto> types, List<ValueProto> values, Environment environment) {
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
    return new Parameters(names, types, values, Environment.NONE);
  }

  /** Those of a statement of a script, which sees the script's variables as well. */
  public Parameters in(Environment script) {
    if (script.arguments().isEmpty()) {
      return new Parameters(names, types, values, script);
    }
    List<String> passedNames = new ArrayList<>();
    List<TypeProto> passedTypes = new ArrayList<>();
    List<ValueProto> passedValues = new ArrayList<>();
    for (Environment.Argument argument : script.arguments().get()) {
      passedNames.add(argument.name().orElse(Placeholders.name(passedNames.size() + 1)));
      passedTypes.add(argument.value().type());
      passedValues.add(argument.value().value());
    }
    return new Parameters(passedNames, passedTypes, passedValues, script);
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
