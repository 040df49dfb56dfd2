package io.gkp.localbigquery.sql.statement;

import com.google.api.services.bigquery.model.Argument;
import com.google.api.services.bigquery.model.Routine;
import com.google.api.services.bigquery.model.RoutineReference;
import com.google.api.services.bigquery.model.StandardSqlDataType;
import com.google.api.services.bigquery.model.StandardSqlField;
import com.google.api.services.bigquery.model.StandardSqlStructType;
import com.google.zetasql.FunctionProtos.FunctionArgumentTypeProto;
import com.google.zetasql.FunctionProtos.FunctionSignatureProto;
import com.google.zetasql.ZetaSQLFunctions.SignatureArgumentKind;
import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Between routines as the REST API has them and GoogleSQL.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/routines">routines</a>
 */
public final class RoutineSql {
  public static final String FUNCTION = "SCALAR_FUNCTION";
  public static final String AGGREGATE = "AGGREGATE_FUNCTION";
  public static final String TABLE_FUNCTION = "TABLE_VALUED_FUNCTION";
  public static final String PROCEDURE = "PROCEDURE";

  private static final String ANY_TYPE = "ANY_TYPE";

  private RoutineSql() {}

  public static List<Argument> arguments(FunctionSignatureProto signature) {
    List<Argument> arguments = new ArrayList<>();
    for (FunctionArgumentTypeProto given : signature.getArgumentList()) {
      Argument argument = new Argument().setName(given.getOptions().getArgumentName());
      if (given.getKind() == SignatureArgumentKind.ARG_TYPE_FIXED) {
        argument.setDataType(type(given.getType()));
      } else if (given.getKind() == SignatureArgumentKind.ARG_TYPE_ARBITRARY) {
        argument.setArgumentKind(ANY_TYPE);
      } else {
        throw ApiException.notImplemented("routines with tables as arguments");
      }
      switch (given.getOptions().getProcedureArgumentMode()) {
        case IN, OUT, INOUT ->
            argument.setMode(given.getOptions().getProcedureArgumentMode().name());
        default -> {}
      }
      if (given.getOptions().getIsNotAggregate()) {
        argument.setIsAggregate(false);
      }
      arguments.add(argument);
    }
    return arguments;
  }

  /** A statement that declares the routine's arguments and result, whatever it does. */
  public static String declaration(Routine routine) {
    String arguments = signature(routine);
    return switch (routine.getRoutineType()) {
      case PROCEDURE -> "CREATE PROCEDURE f" + arguments + " BEGIN END";
      case TABLE_FUNCTION -> "CREATE TABLE FUNCTION f" + arguments + " AS SELECT 1 AS x";
      default ->
          "CREATE TEMP "
              + (routine.getRoutineType().equals(AGGREGATE) ? "AGGREGATE " : "")
              + "FUNCTION f"
              + arguments
              + (routine.getReturnType() == null
                  ? " AS (NULL)"
                  : " RETURNS "
                      + sql(routine.getReturnType())
                      + " AS (CAST(NULL AS "
                      + sql(routine.getReturnType())
                      + "))");
    };
  }

  private static String signature(Routine routine) {
    return arguments(routine).stream()
        .map(
            argument ->
                (argument.getMode() == null ? "" : argument.getMode() + " ")
                    + SqlTypes.quote(argument.getName())
                    + " "
                    + (argument.getDataType() == null ? "ANY TYPE" : sql(argument.getDataType()))
                    + (Boolean.FALSE.equals(argument.getIsAggregate()) ? " NOT AGGREGATE" : ""))
        .collect(Collectors.joining(", ", "(", ")"));
  }

  /** The statement that makes the routine. Throws {@code invalid} for a type that there is not. */
  public static String create(Routine routine) {
    RoutineReference reference = routine.getRoutineReference();
    String name =
        SqlTypes.quote(reference.getProjectId())
            + "."
            + SqlTypes.quote(reference.getDatasetId())
            + "."
            + SqlTypes.quote(reference.getRoutineId());
    String signature = name + signature(routine);
    String body = routine.getDefinitionBody();
    String returns =
        routine.getReturnType() == null ? "" : " RETURNS " + sql(routine.getReturnType());
    String does =
        routine.getLanguage().equals("SQL")
            ? " AS (\n" + body + "\n)"
            : " LANGUAGE "
                + (routine.getLanguage().equals("JAVASCRIPT") ? "js" : routine.getLanguage())
                + " AS "
                + text(body);
    return switch (routine.getRoutineType()) {
      case PROCEDURE -> "CREATE PROCEDURE " + signature + "\n" + body;
      case TABLE_FUNCTION -> "CREATE TABLE FUNCTION " + signature + " AS\n" + body;
      case AGGREGATE -> "CREATE AGGREGATE FUNCTION " + signature + returns + does;
      case FUNCTION -> "CREATE FUNCTION " + signature + returns + does;
      default ->
          throw ApiException.invalid("Invalid value for routineType: " + routine.getRoutineType());
    };
  }

  private static String text(String body) {
    return "\"\"\"" + body.replace("\\", "\\\\").replace("\"", "\\\"") + "\"\"\"";
  }

  public static List<Argument> arguments(Routine routine) {
    return routine.getArguments() == null ? List.of() : routine.getArguments();
  }

  static String sql(StandardSqlDataType type) {
    return switch (type.getTypeKind()) {
      case "ARRAY" -> "ARRAY<" + sql(type.getArrayElementType()) + ">";
      case "STRUCT" ->
          type.getStructType().getFields().stream()
              .map(
                  field ->
                      (field.getName() == null || field.getName().isEmpty()
                              ? ""
                              : SqlTypes.quote(field.getName()) + " ")
                          + sql(field.getType()))
              .collect(Collectors.joining(", ", "STRUCT<", ">"));
      case "RANGE" -> "RANGE<" + sql(type.getRangeElementType()) + ">";
      default -> type.getTypeKind();
    };
  }

  public static StandardSqlDataType type(TypeProto type) {
    StandardSqlDataType api = new StandardSqlDataType();
    switch (type.getTypeKind()) {
      case TYPE_ARRAY:
        return api.setTypeKind("ARRAY")
            .setArrayElementType(type(type.getArrayType().getElementType()));
      case TYPE_STRUCT:
        List<StandardSqlField> fields = new ArrayList<>();
        for (StructFieldProto field : type.getStructType().getFieldList()) {
          fields.add(
              new StandardSqlField()
                  .setName(field.getFieldName())
                  .setType(type(field.getFieldType())));
        }
        return api.setTypeKind("STRUCT")
            .setStructType(new StandardSqlStructType().setFields(fields));
      case TYPE_RANGE:
        return api.setTypeKind("RANGE")
            .setRangeElementType(type(type.getRangeType().getElementType()));
      default:
        return api.setTypeKind(SqlTypes.sql(type));
    }
  }
}
