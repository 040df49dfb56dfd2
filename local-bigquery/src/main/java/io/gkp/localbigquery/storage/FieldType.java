package io.gkp.localbigquery.storage;

import io.gkp.localbigquery.api.ApiException;
import java.util.Locale;

/**
 * The types of BigQuery's fields.
 *
 * @see <a
 *     href="https://cloud.google.com/bigquery/docs/reference/rest/v2/tables#TableFieldSchema">TableFieldSchema.type</a>
 */
public enum FieldType {
  STRING("STRING"),
  BYTES("BYTES"),
  INT64("INTEGER"),
  FLOAT64("FLOAT"),
  BOOL("BOOLEAN"),
  NUMERIC("NUMERIC"),
  BIGNUMERIC("BIGNUMERIC"),
  DATE("DATE"),
  TIME("TIME"),
  DATETIME("DATETIME"),
  TIMESTAMP("TIMESTAMP"),
  JSON("JSON"),
  GEOGRAPHY("GEOGRAPHY"),
  INTERVAL("INTERVAL"),
  RANGE("RANGE"),
  STRUCT("RECORD");

  private final String apiName;

  FieldType(String apiName) {
    this.apiName = apiName;
  }

  /** The name that the REST API answers with, whichever alias a client sent. */
  public String apiName() {
    return apiName;
  }

  /** Throws {@code invalid} (400) for a name that is no type. */
  public static FieldType of(String name) {
    String upper = name == null ? "" : name.toUpperCase(Locale.ROOT);
    return switch (upper) {
      case "INTEGER", "INT", "SMALLINT", "BIGINT", "TINYINT", "BYTEINT" -> INT64;
      case "FLOAT" -> FLOAT64;
      case "BOOLEAN" -> BOOL;
      case "DECIMAL" -> NUMERIC;
      case "BIGDECIMAL" -> BIGNUMERIC;
      case "RECORD" -> STRUCT;
      default -> {
        for (FieldType type : values()) {
          if (type.name().equals(upper)) {
            yield type;
          }
        }
        throw ApiException.invalid("Invalid field type: " + name);
      }
    };
  }
}
