package io.gkp.connector.mapping.schema;

import com.google.cloud.bigquery.StandardSQLTypeName;
import io.gkp.connector.mapping.value.Encoders;
import io.gkp.connector.mapping.value.ValueEncoder;
import io.gkp.connector.source.table.NumericTypmod;
import io.gkp.connector.source.table.PostgresType;
import java.util.Locale;

/**
 * What a Postgres type becomes in BigQuery. The one place where that is decided; {@code
 * docs/reference/types.md} explains it.
 *
 * @param type the field's type, or that of its elements
 * @param repeated whether the field is an array
 * @param encoder brings a value's text, or an element's, to that type
 * @param delimiter separates the elements in an array's text
 */
public record FieldType(
    StandardSQLTypeName type, boolean repeated, ValueEncoder encoder, char delimiter) {

  public static FieldType of(PostgresType type, int typmod) {
    return switch (type.kind()) {
      case DOMAIN ->
          of(type.held(), typmod == PostgresType.NO_TYPMOD ? type.innerTypmod() : typmod);
      case ARRAY -> arrayOf(of(type.held(), typmod), type.held().delimiter());
      case BASE -> base(type, typmod);
      case ENUM, COMPOSITE, RANGE, MULTIRANGE, PSEUDO, UNKNOWN -> text();
    };
  }

  private static FieldType arrayOf(FieldType element, char delimiter) {
    // A domain over an array as element: BigQuery has no arrays of arrays.
    return element.repeated
        ? text()
        : new FieldType(element.type, true, element.encoder, delimiter);
  }

  private static FieldType base(PostgresType type, int typmod) {
    if (!type.isBuiltIn()) {
      return type.name().equals("hstore")
          ? scalar(StandardSQLTypeName.JSON, Encoders.HSTORE)
          : text();
    }
    return switch (type.name()) {
      case "bool" -> scalar(StandardSQLTypeName.BOOL, Encoders.BOOL);
      case "int2", "int4", "int8", "oid" -> scalar(StandardSQLTypeName.INT64, Encoders.INT64);
      case "float4", "float8" -> scalar(StandardSQLTypeName.FLOAT64, Encoders.FLOAT64);
      case "numeric" -> decimal(typmod);
      case "date" -> scalar(StandardSQLTypeName.DATE, Encoders.DATE);
      case "timestamp" -> scalar(StandardSQLTypeName.DATETIME, Encoders.DATE);
      case "timestamptz" -> scalar(StandardSQLTypeName.TIMESTAMP, Encoders.TIMESTAMP);
      case "time" -> scalar(StandardSQLTypeName.TIME, Encoders.TIME);
      case "bytea" -> scalar(StandardSQLTypeName.BYTES, Encoders.BYTES);
      case "json", "jsonb" -> scalar(StandardSQLTypeName.JSON, Encoders.JSON);
      default -> text();
    };
  }

  private static FieldType decimal(int typmod) {
    return NumericTypmod.decode(typmod).fitsNumeric()
        ? scalar(StandardSQLTypeName.NUMERIC, Encoders.NUMERIC)
        : scalar(StandardSQLTypeName.BIGNUMERIC, Encoders.BIGNUMERIC);
  }

  static FieldType text() {
    return scalar(StandardSQLTypeName.STRING, Encoders.TEXT);
  }

  private static FieldType scalar(StandardSQLTypeName type, ValueEncoder encoder) {
    return new FieldType(type, false, encoder, ',');
  }

  /** This type's values in a decimal field that is wider, for a column that became narrower. */
  FieldType in(StandardSQLTypeName wider) {
    return scalar(
        wider, wider == StandardSQLTypeName.NUMERIC ? Encoders.NUMERIC : Encoders.BIGNUMERIC);
  }

  /** For the name of a column that takes what the old one cannot: {@code price__string}. */
  String suffix() {
    return "__" + type.name().toLowerCase(Locale.ROOT) + (repeated ? "_array" : "");
  }
}
