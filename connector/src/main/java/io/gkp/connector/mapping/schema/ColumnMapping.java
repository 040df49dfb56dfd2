package io.gkp.connector.mapping.schema;

import static java.util.Objects.requireNonNull;

import com.google.cloud.bigquery.Field;
import io.gkp.connector.mapping.value.ArrayText;
import io.gkp.connector.mapping.value.JsonLine;
import io.gkp.connector.mapping.value.LossyReason;
import io.gkp.connector.mapping.value.LossySink;
import io.gkp.connector.mapping.value.Unrepresentable;
import io.gkp.connector.mapping.value.ValueEncoder;
import io.gkp.connector.session.ServerText;
import io.gkp.connector.source.table.ColumnDefinition;
import io.gkp.connector.source.table.ColumnProtection;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.wire.Tuple;

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
  private final byte[] quotedName;

  ColumnMapping(SourceColumn source, String fieldName, FieldType fieldType) {
    this.source = source;
    this.fieldName = fieldName;
    this.fieldType = fieldType;
    this.quotedName = JsonLine.quoted(fieldName);
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

  /** Whether nothing is written of the row's value. */
  public boolean isAbsent(Tuple row, int i) {
    return source.protection().isExcluded() || row.isNull(i);
  }

  /** What is written of a value that is there, before it becomes the field's. */
  public String text(Tuple row, int i) {
    return source.protection().apply(requireNonNull(row.text(i)));
  }

  /** About how long {@link #text} is. */
  public int length(Tuple row, int i) {
    return source.protection().isNone() || row.isNull(i) ? row.length(i) : text(row, i).length();
  }

  /** Whether BigQuery reads NULL back as something else. */
  public boolean losesNull() {
    return fieldType.repeated() && !source.protection().isExcluded();
  }

  /**
   * Writes the field and its value into the object that is open in {@code out}; nothing but an
   * entry in {@code lossy} when BigQuery cannot hold the value. Here, and only here, whichever way
   * a row came, values are hashed as their columns' {@link ColumnProtection} says.
   *
   * @param i which of the row's values; neither {@linkplain #isAbsent absent} nor unchanged
   */
  public void write(Tuple row, int i, JsonLine out, LossySink lossy) {
    int before = out.length();
    if (source.protection().isNone() && !fieldType.repeated()) {
      out.name(quotedName);
      if (fieldType.encoder().writeBytes(row, i, out)) {
        return;
      }
      out.cut(before);
    }
    String text = text(row, i);
    if (ServerText.isUnreadable(text)) {
      lossy.add(fieldName, ServerText.escaped(text), LossyReason.ENCODING);
      return;
    }
    try {
      write(text, out);
    } catch (Unrepresentable e) {
      out.cut(before);
      lossy.add(fieldName, text, e.reason());
    } catch (IndexOutOfBoundsException | IllegalArgumentException e) {
      // Encoders read text of a known form. Should one meet another form, the value is kept.
      out.cut(before);
      lossy.add(fieldName, text, LossyReason.MALFORMED);
    }
  }

  private void write(String text, JsonLine out) throws Unrepresentable {
    ValueEncoder encoder = fieldType.encoder();
    if (!fieldType.repeated()) {
      String encoded = encoder.encode(text);
      out.name(quotedName);
      encoder.write(encoded, out);
      return;
    }
    out.name(quotedName);
    out.raw('[');
    for (String element : ArrayText.elements(text, fieldType.delimiter())) {
      String encoded = encoder.encode(element);
      out.separate('[');
      encoder.write(encoded, out);
    }
    out.raw(']');
  }
}
