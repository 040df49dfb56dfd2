package io.gkp.localbigquery.sql.value;

import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.zetasql.ZetaSQLType.ArrayTypeProto;
import com.google.zetasql.ZetaSQLType.RangeTypeProto;
import com.google.zetasql.ZetaSQLType.StructFieldProto;
import com.google.zetasql.ZetaSQLType.StructTypeProto;
import com.google.zetasql.ZetaSQLType.TypeKind;
import com.google.zetasql.ZetaSQLType.TypeProto;
import io.gkp.localbigquery.api.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Translates between the API's field types and GoogleSQL's.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types">Data
 *     types</a>
 */
public final class SqlTypes {
  private static final Map<String, TypeKind> KINDS =
      Map.ofEntries(
          Map.entry("STRING", TypeKind.TYPE_STRING),
          Map.entry("BYTES", TypeKind.TYPE_BYTES),
          Map.entry("INTEGER", TypeKind.TYPE_INT64),
          Map.entry("INT64", TypeKind.TYPE_INT64),
          Map.entry("FLOAT", TypeKind.TYPE_DOUBLE),
          Map.entry("FLOAT64", TypeKind.TYPE_DOUBLE),
          Map.entry("BOOLEAN", TypeKind.TYPE_BOOL),
          Map.entry("BOOL", TypeKind.TYPE_BOOL),
          Map.entry("NUMERIC", TypeKind.TYPE_NUMERIC),
          Map.entry("BIGNUMERIC", TypeKind.TYPE_BIGNUMERIC),
          Map.entry("DATE", TypeKind.TYPE_DATE),
          Map.entry("TIME", TypeKind.TYPE_TIME),
          Map.entry("DATETIME", TypeKind.TYPE_DATETIME),
          Map.entry("TIMESTAMP", TypeKind.TYPE_TIMESTAMP),
          Map.entry("JSON", TypeKind.TYPE_JSON),
          Map.entry("INTERVAL", TypeKind.TYPE_INTERVAL),
          Map.entry("GEOGRAPHY", TypeKind.TYPE_GEOGRAPHY));

  /** The names that the REST API answers with. */
  private static final Map<TypeKind, String> API_NAMES =
      Map.ofEntries(
          Map.entry(TypeKind.TYPE_STRING, "STRING"),
          Map.entry(TypeKind.TYPE_BYTES, "BYTES"),
          Map.entry(TypeKind.TYPE_INT64, "INTEGER"),
          Map.entry(TypeKind.TYPE_DOUBLE, "FLOAT"),
          Map.entry(TypeKind.TYPE_BOOL, "BOOLEAN"),
          Map.entry(TypeKind.TYPE_NUMERIC, "NUMERIC"),
          Map.entry(TypeKind.TYPE_BIGNUMERIC, "BIGNUMERIC"),
          Map.entry(TypeKind.TYPE_DATE, "DATE"),
          Map.entry(TypeKind.TYPE_TIME, "TIME"),
          Map.entry(TypeKind.TYPE_DATETIME, "DATETIME"),
          Map.entry(TypeKind.TYPE_TIMESTAMP, "TIMESTAMP"),
          Map.entry(TypeKind.TYPE_JSON, "JSON"),
          Map.entry(TypeKind.TYPE_INTERVAL, "INTERVAL"),
          Map.entry(TypeKind.TYPE_GEOGRAPHY, "GEOGRAPHY"),
          Map.entry(TypeKind.TYPE_STRUCT, "RECORD"),
          Map.entry(TypeKind.TYPE_RANGE, "RANGE"));

  private SqlTypes() {}

  public static TypeProto simple(TypeKind kind) {
    return TypeProto.newBuilder().setTypeKind(kind).build();
  }

  public static TypeProto array(TypeProto element) {
    return TypeProto.newBuilder()
        .setTypeKind(TypeKind.TYPE_ARRAY)
        .setArrayType(ArrayTypeProto.newBuilder().setElementType(element))
        .build();
  }

  /** Throws {@code invalid} for a type that BigQuery does not know. */
  public static TypeKind kind(String apiType) {
    TypeKind kind = KINDS.get(apiType.toUpperCase(Locale.ROOT));
    if (kind == null) {
      throw ApiException.invalid("Unknown type: " + apiType);
    }
    return kind;
  }

  public static TypeProto of(TableFieldSchema field) {
    TypeProto element = element(field);
    return "REPEATED".equals(field.getMode()) ? array(element) : element;
  }

  private static TypeProto element(TableFieldSchema field) {
    String type = field.getType().toUpperCase(Locale.ROOT);
    if (type.equals("RECORD") || type.equals("STRUCT")) {
      StructTypeProto.Builder struct = StructTypeProto.newBuilder();
      for (TableFieldSchema child : fields(field)) {
        struct.addField(
            StructFieldProto.newBuilder().setFieldName(child.getName()).setFieldType(of(child)));
      }
      return TypeProto.newBuilder().setTypeKind(TypeKind.TYPE_STRUCT).setStructType(struct).build();
    }
    if (type.equals("RANGE")) {
      TypeProto bound = simple(kind(field.getRangeElementType().getType()));
      return TypeProto.newBuilder()
          .setTypeKind(TypeKind.TYPE_RANGE)
          .setRangeType(RangeTypeProto.newBuilder().setElementType(bound))
          .build();
    }
    return simple(kind(type));
  }

  public static List<TableFieldSchema> fields(TableFieldSchema field) {
    return field.getFields() == null ? List.of() : field.getFields();
  }

  /** A nullable (or repeated) field of this type. */
  public static TableFieldSchema field(String name, TypeProto type) {
    TableFieldSchema field = new TableFieldSchema().setName(name).setMode("NULLABLE");
    TypeProto element = type;
    if (type.getTypeKind() == TypeKind.TYPE_ARRAY) {
      field.setMode("REPEATED");
      element = type.getArrayType().getElementType();
    }
    String apiName = API_NAMES.get(element.getTypeKind());
    if (apiName == null) {
      throw ApiException.notImplemented("columns of type " + sql(element));
    }
    field.setType(apiName);
    if (element.getTypeKind() == TypeKind.TYPE_STRUCT) {
      List<TableFieldSchema> children = new ArrayList<>();
      for (StructFieldProto child : element.getStructType().getFieldList()) {
        String childName = child.getFieldName();
        children.add(
            field(
                childName.isEmpty() ? "_field_" + (children.size() + 1) : childName,
                child.getFieldType()));
      }
      field.setFields(children);
    } else if (element.getTypeKind() == TypeKind.TYPE_RANGE) {
      TypeProto bound = element.getRangeType().getElementType();
      field.setRangeElementType(
          new TableFieldSchema.RangeElementType().setType(API_NAMES.get(bound.getTypeKind())));
    }
    return field;
  }

  /** How GoogleSQL writes the type. */
  public static String sql(TypeProto type) {
    switch (type.getTypeKind()) {
      case TYPE_ARRAY:
        return "ARRAY<" + sql(type.getArrayType().getElementType()) + ">";
      case TYPE_STRUCT:
        List<String> fields = new ArrayList<>();
        for (StructFieldProto field : type.getStructType().getFieldList()) {
          String name = field.getFieldName();
          fields.add((name.isEmpty() ? "" : quote(name) + " ") + sql(field.getFieldType()));
        }
        return "STRUCT<" + String.join(", ", fields) + ">";
      case TYPE_RANGE:
        return "RANGE<" + sql(type.getRangeType().getElementType()) + ">";
      case TYPE_DOUBLE:
        return "FLOAT64";
      default:
        return type.getTypeKind().name().substring("TYPE_".length());
    }
  }

  public static String quote(String identifier) {
    return "`" + identifier.replace("\\", "\\\\").replace("`", "\\`") + "`";
  }

  /** A column's type with its parameters, those of fields of STRUCTs, too. */
  public static String declared(TableFieldSchema field) {
    String type;
    if ("RECORD".equals(field.getType()) || "STRUCT".equals(field.getType())) {
      type =
          fields(field).stream()
              .map(part -> part.getName() + " " + declared(part))
              .collect(Collectors.joining(", ", "STRUCT<", ">"));
    } else {
      type = sql(of(field.clone().setMode("NULLABLE"))).replace("`", "") + parameters(field);
    }
    return "REPEATED".equals(field.getMode()) ? "ARRAY<" + type + ">" : type;
  }

  private static String parameters(TableFieldSchema field) {
    if (field.getMaxLength() != null) {
      return "(" + field.getMaxLength() + ")";
    }
    if (field.getPrecision() == null) {
      return "";
    }
    boolean hasScale = field.getScale() != null && field.getScale() != 0;
    return "(" + field.getPrecision() + (hasScale ? ", " + field.getScale() : "") + ")";
  }
}
