package io.gkp.localbigquery.sql.ddl;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.zetasql.ResolvedColumnAnnotationsProto;
import com.google.zetasql.ResolvedColumnDefinitionProto;
import com.google.zetasql.ZetaSQLTypeParameters.TypeParametersProto;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.sql.value.SqlTypes;
import java.util.ArrayList;
import java.util.List;

/** Columns as DDL defines them. */
final class ColumnDefinitions {
  private final TableOptions options;

  ColumnDefinitions(TableOptions options) {
    this.options = options;
  }

  List<TableFieldSchema> fields(String sql, List<ResolvedColumnDefinitionProto> definitions) {
    List<TableFieldSchema> fields = new ArrayList<>();
    for (ResolvedColumnDefinitionProto definition : definitions) {
      fields.add(field(sql, definition));
    }
    return fields;
  }

  TableFieldSchema field(String sql, ResolvedColumnDefinitionProto definition) {
    if (definition.hasGeneratedColumnInfo()) {
      throw ApiException.notImplemented("generated columns");
    }
    TableFieldSchema field = SqlTypes.field(definition.getName(), definition.getType());
    if (definition.hasDefaultValue()) {
      field.setDefaultValueExpression(definition.getDefaultValue().getSql());
    }
    annotate(sql, field, definition.getAnnotations());
    return field;
  }

  private void annotate(
      String sql, TableFieldSchema field, ResolvedColumnAnnotationsProto annotations) {
    if (annotations.hasCollationName()) {
      throw ApiException.notImplemented("collation");
    }
    ResolvedColumnAnnotationsProto element = annotations;
    boolean repeated = "REPEATED".equals(field.getMode());
    if (annotations.getNotNull() && !repeated) {
      field.setMode("REQUIRED");
    }
    options.apply(sql, annotations.getOptionListList(), field);
    parameters(field, annotations.getTypeParameters());
    if (repeated && annotations.getChildListCount() == 1) {
      element = annotations.getChildList(0);
      parameters(field, element.getTypeParameters());
    }
    List<TableFieldSchema> children = SqlTypes.fields(field);
    for (int i = 0; i < element.getChildListCount() && i < children.size(); i++) {
      annotate(sql, children.get(i), element.getChildList(i));
    }
  }

  /**
   * Gives a column that is there other parameters.
   *
   * @throws ApiException where a value of the column may not fit them
   */
  static void widen(TableFieldSchema field, TypeParametersProto parameters) {
    TableFieldSchema wider = field.clone().setMaxLength(null).setPrecision(null).setScale(null);
    parameters(wider, parameters);
    boolean holds =
        holds(wider.getMaxLength(), field.getMaxLength())
            && holds(wider.getScale(), wider.getPrecision() == null ? null : scale(field))
            && holds(integral(wider), integral(field));
    if (!holds) {
      throw ApiException.invalidQuery(
          "ALTER TABLE ALTER COLUMN SET DATA TYPE requires that the existing column type ("
              + SqlTypes.declared(field)
              + ") is assignable to the new type ("
              + SqlTypes.declared(wider)
              + ")");
    }
    parameters(field.setMaxLength(null).setPrecision(null).setScale(null), parameters);
  }

  /** Digits before the point; {@code null} where nothing limits them. */
  private static Long integral(TableFieldSchema field) {
    return field.getPrecision() == null ? null : field.getPrecision() - scale(field);
  }

  private static long scale(TableFieldSchema field) {
    return field.getScale() == null ? 0 : field.getScale();
  }

  /** Whether a limit leaves room for all that another one does; {@code null} is none. */
  private static boolean holds(Long limit, Long other) {
    return limit == null || other != null && other <= limit;
  }

  private static void parameters(TableFieldSchema field, TypeParametersProto parameters) {
    if (parameters.hasStringTypeParameters()
        && parameters.getStringTypeParameters().hasMaxLength()) {
      field.setMaxLength(parameters.getStringTypeParameters().getMaxLength());
    }
    if (parameters.hasNumericTypeParameters()
        && parameters.getNumericTypeParameters().hasPrecision()) {
      field.setPrecision(parameters.getNumericTypeParameters().getPrecision());
      field.setScale(parameters.getNumericTypeParameters().getScale());
    }
  }
}
