package io.gkp.localbigquery.sql.analysis;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Message;
import com.google.zetasql.AnyResolvedExprProto;
import com.google.zetasql.AnyResolvedStatementProto;
import com.google.zetasql.ResolvedConstantProto;
import com.google.zetasql.ResolvedExprProto;
import com.google.zetasql.ResolvedParameterProto;
import com.google.zetasql.ResolvedSystemVariableProto;
import com.google.zetasql.SimpleCatalogProtos.SimpleCatalogProto;
import com.google.zetasql.SimpleConstantProtos.SimpleConstantProto;
import com.google.zetasql.ZetaSQLOptionsProto.AnalyzerOptionsProto;
import com.google.zetasql.ZetaSQLOptionsProto.AnalyzerOptionsProto.SystemVariableProto;
import com.google.zetasql.ZetaSQLValue.ValueProto;
import io.gkp.localbigquery.sql.value.Environment;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The variables of a script in one of its statements. The analyzer knows them as constants, which
 * columns of the same name hide, as in BigQuery. What follows takes them for parameters.
 */
final class ScriptVariables {
  private static final String VARIABLE = "_variable_";
  private static final String SYSTEM_VARIABLE = "_system_";

  private final Environment environment;

  ScriptVariables(Environment environment) {
    this.environment = environment;
  }

  private boolean isEmpty() {
    return environment.variables().isEmpty() && environment.system().isEmpty();
  }

  void declare(AnalyzerOptionsProto.Builder options) {
    environment
        .system()
        .forEach(
            (path, variable) ->
                options.addSystemVariables(
                    SystemVariableProto.newBuilder()
                        .addAllNamePath(List.of(path.split("\\.")))
                        .setType(variable.type())));
  }

  void declare(SimpleCatalogProto.Builder catalog) {
    environment
        .variables()
        .forEach(
            (name, variable) ->
                catalog.addConstant(
                    SimpleConstantProto.newBuilder()
                        .addNamePath(name)
                        .setType(variable.type())
                        .setValue(variable.value())));
  }

  /** By the name of the parameter that stands for each. */
  Map<String, ValueProto> byParameter() {
    Map<String, ValueProto> values = new HashMap<>();
    environment.variables().forEach((name, value) -> values.put(VARIABLE + name, value.value()));
    environment
        .system()
        .forEach((path, value) -> values.put(SYSTEM_VARIABLE + path, value.value()));
    return values;
  }

  /** The statement with parameters in the place of variables. */
  AnyResolvedStatementProto asParameters(AnyResolvedStatementProto statement) {
    return isEmpty() ? statement : (AnyResolvedStatementProto) replaced(statement);
  }

  private static Message replaced(Message node) {
    if (node instanceof AnyResolvedExprProto expression && expression.hasResolvedConstantNode()) {
      ResolvedConstantProto constant = expression.getResolvedConstantNode();
      return parameter(
          constant.getParent(),
          VARIABLE + constant.getConstant().getName().toLowerCase(Locale.ROOT));
    }
    if (node instanceof AnyResolvedExprProto expression
        && expression.hasResolvedSystemVariableNode()) {
      ResolvedSystemVariableProto variable = expression.getResolvedSystemVariableNode();
      return parameter(
          variable.getParent(),
          SYSTEM_VARIABLE + String.join(".", variable.getNamePathList()).toLowerCase(Locale.ROOT));
    }
    Message.Builder builder = null;
    for (Map.Entry<FieldDescriptor, Object> entry : node.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() != JavaType.MESSAGE) {
        continue;
      }
      if (field.isRepeated()) {
        List<?> children = (List<?>) entry.getValue();
        for (int i = 0; i < children.size(); i++) {
          Message child = (Message) children.get(i);
          Message next = replaced(child);
          if (next != child) {
            builder = builder == null ? node.toBuilder() : builder;
            builder.setRepeatedField(field, i, next);
          }
        }
      } else {
        Message child = (Message) entry.getValue();
        Message next = replaced(child);
        if (next != child) {
          builder = builder == null ? node.toBuilder() : builder;
          builder.setField(field, next);
        }
      }
    }
    return builder == null ? node : builder.build();
  }

  private static AnyResolvedExprProto parameter(ResolvedExprProto expression, String name) {
    return AnyResolvedExprProto.newBuilder()
        .setResolvedParameterNode(
            ResolvedParameterProto.newBuilder().setParent(expression).setName(name))
        .build();
  }
}
