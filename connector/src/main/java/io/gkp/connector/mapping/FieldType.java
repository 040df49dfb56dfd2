package io.gkp.connector.mapping;

import com.google.cloud.bigquery.StandardSQLTypeName;
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
record FieldType(StandardSQLTypeName type, boolean repeated, ValueEncoder encoder, char delimiter) {
  private static final ValueEncoder TEXT = new TextEncoder();

  static FieldType of(PostgresType type, int typmod) {
    return switch (type.kind()) {
      case DOMAIN ->
          of(type.inner(), typmod == PostgresType.NO_TYPMOD ? type.innerTypmod() : typmod);
      case ARRAY -> arrayOf(of(type.inner(), typmod), type.inner().delimiter());
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
          ? scalar(StandardSQLTypeName.JSON, new HstoreEncoder())
          : text();
    }
    return switch (type.name()) {
      case "bool" -> scalar(StandardSQLTypeName.BOOL, new BooleanEncoder());
      case "int2", "int4", "int8", "oid" -> scalar(StandardSQLTypeName.INT64, new IntegerEncoder());
      case "float4", "float8" -> scalar(StandardSQLTypeName.FLOAT64, new FloatEncoder());
      case "numeric" -> decimal(typmod);
      case "date" -> scalar(StandardSQLTypeName.DATE, new DateEncoder());
      case "timestamp" -> scalar(StandardSQLTypeName.DATETIME, new DateEncoder());
      case "timestamptz" -> scalar(StandardSQLTypeName.TIMESTAMP, new TimestampEncoder());
      case "time" -> scalar(StandardSQLTypeName.TIME, new TimeEncoder());
      case "bytea" -> scalar(StandardSQLTypeName.BYTES, new BytesEncoder());
      case "json", "jsonb" -> scalar(StandardSQLTypeName.JSON, new JsonEncoder());
      default -> text();
    };
  }

  private static FieldType decimal(int typmod) {
    return NumericTypmod.decode(typmod).fitsNumeric()
        ? scalar(StandardSQLTypeName.NUMERIC, DecimalEncoder.NUMERIC)
        : scalar(StandardSQLTypeName.BIGNUMERIC, DecimalEncoder.BIGNUMERIC);
  }

  static FieldType text() {
    return scalar(StandardSQLTypeName.STRING, TEXT);
  }

  private static FieldType scalar(StandardSQLTypeName type, ValueEncoder encoder) {
    return new FieldType(type, false, encoder, ',');
  }

  /** This type's values in a decimal field that is wider, for a column that became narrower. */
  FieldType in(StandardSQLTypeName wider) {
    return scalar(
        wider,
        wider == StandardSQLTypeName.NUMERIC ? DecimalEncoder.NUMERIC : DecimalEncoder.BIGNUMERIC);
  }

  /** For the name of a column that takes what the old one cannot: {@code price__string}. */
  String suffix() {
    return "__" + type.name().toLowerCase(Locale.ROOT) + (repeated ? "_array" : "");
  }
}
