package io.gkp.connector.mapping;

import com.fasterxml.jackson.core.JsonGenerator;
import com.google.cloud.bigquery.Field;
import io.gkp.connector.debezium.DebeziumTextConverter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * One source column and the BigQuery field that holds it. Immutable and safe to share.
 *
 * <p>Fields are NULLABLE or REPEATED, never REQUIRED: a delete brings the key alone, and a value
 * that BigQuery cannot hold becomes NULL.
 */
public final class ColumnMapping {
  private final SourceColumn source;
  private final String fieldName;
  private final FieldType fieldType;

  ColumnMapping(SourceColumn source, String fieldName, FieldType fieldType) {
    this.source = source;
    this.fieldName = fieldName;
    this.fieldType = fieldType;
  }

  static ColumnMapping of(SourceColumn source, String fieldName) {
    return new ColumnMapping(
        source,
        fieldName,
        source.protection().isHashed()
            ? FieldType.text()
            : FieldType.of(source.type(), source.typmod()));
  }

  public SourceColumn source() {
    return source;
  }

  public String fieldName() {
    return fieldName;
  }

  FieldType fieldType() {
    return fieldType;
  }

  /**
   * The BigQuery field. Its description says how the source column is declared, and how its values
   * are protected.
   */
  public Field field() {
    ColumnDefinition definition = source.definition();
    return Field.newBuilder(fieldName, fieldType.type())
        .setMode(fieldType.repeated() ? Field.Mode.REPEATED : Field.Mode.NULLABLE)
        .setDescription(
            (definition != null
                    ? definition.describe()
                    : ColumnDefinition.START + source.name() + "\", " + source.type().displayName())
                + source.protection().mark())
        .build();
  }

  /** The values that are written in place of these, one for each column. */
  static String[] protect(List<ColumnMapping> columns, String[] values) {
    String[] written = new String[values.length];
    for (int i = 0; i < values.length; i++) {
      written[i] = columns.get(i).source.protection().apply(values[i]);
    }
    return written;
  }

  /** Whether BigQuery reads NULL back as something else. */
  boolean losesNull() {
    return fieldType.repeated() && !source.protection().isExcluded();
  }

  /**
   * Writes the field and its value into the object that is open in {@code out}; nothing but an
   * entry in {@code lossy} when BigQuery cannot hold the value.
   *
   * @param text what Postgres prints; neither null nor {@link DebeziumTextConverter#UNAVAILABLE}
   */
  public void write(String text, JsonGenerator out, LossySink lossy) throws IOException {
    try {
      if (fieldType.repeated()) {
        writeArray(encodeElements(text), out);
      } else {
        String encoded = fieldType.encoder().encode(text);
        out.writeFieldName(fieldName);
        fieldType.encoder().write(encoded, out);
      }
    } catch (Unrepresentable e) {
      lossy.add(fieldName, text, e.reason());
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      // Encoders read text of a known form. Should one meet another form, the value is kept.
      lossy.add(fieldName, text, LossyReason.MALFORMED);
    }
  }

  private List<String> encodeElements(String text) throws Unrepresentable {
    List<String> elements = ArrayText.elements(text, fieldType.delimiter());
    List<String> encoded = new ArrayList<>(elements.size());
    for (String element : elements) {
      encoded.add(fieldType.encoder().encode(element));
    }
    return encoded;
  }

  private void writeArray(List<String> encoded, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart(fieldName);
    for (String element : encoded) {
      fieldType.encoder().write(element, out);
    }
    out.writeEndArray();
  }
}
