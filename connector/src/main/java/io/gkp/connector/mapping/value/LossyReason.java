package io.gkp.connector.mapping.value;

import java.util.Locale;

/** Why a value is in {@code _cdc_lossy} rather than in its own column. */
public enum LossyReason {
  /** {@code infinity} or {@code -infinity} in a numeric, date or timestamp. */
  INFINITY,
  /** {@code NaN} in a numeric. */
  NOT_A_NUMBER,
  /** More digits before the point than the column's BigQuery type holds. */
  OVERFLOW,
  /** More digits after the point than the column's BigQuery type holds; never rounded. */
  FRACTION_DIGITS,
  /** A date or timestamp outside the years 0001 to 9999. */
  YEAR_RANGE,
  /** {@code 24:00:00}, which Postgres tells apart from {@code 00:00:00}. */
  HOUR_24,
  /**
   * Bytes that are no text in the database's encoding. In their place stands what {@code
   * encode(value, 'escape')} makes of them.
   */
  ENCODING,
  /** A number in a JSON document that BigQuery would change. */
  JSON_NUMBER,
  /** An object in a JSON document has the same name twice; BigQuery would keep one of them. */
  JSON_DUPLICATE_NAME,
  /** A JSON document nested deeper than BigQuery's limit. */
  JSON_DEPTH,
  /** A JSON string escapes NUL or half of a surrogate pair, which are no characters. */
  JSON_STRING,
  /** The JSON document {@code null}: BigQuery loads it as SQL NULL. */
  JSON_NULL,
  /** An array that is SQL NULL: BigQuery reads it back as an empty array. Its text is null. */
  NULL_ARRAY,
  /** An array with a NULL element. */
  NULL_ELEMENT,
  /** An array of more than one dimension. */
  DIMENSIONS,
  /** An array whose first index is not 1. */
  LOWER_BOUND,
  /** The row would exceed BigQuery's row size; the text is replaced by its length and SHA-256. */
  ROW_SIZE,
  /** The text is not of the form that the column's type has; a sign of a defect in the export. */
  MALFORMED;

  /** As it stands in {@code _cdc_lossy.reason}. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
