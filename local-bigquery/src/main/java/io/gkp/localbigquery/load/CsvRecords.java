package io.gkp.localbigquery.load;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gkp.localbigquery.api.ApiException;
import io.gkp.localbigquery.load.CsvReader.Field;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.FieldType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The records of a CSV file, whose fields are the table's columns in order. */
final class CsvRecords implements Records {
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final CsvReader reader;
  private final CsvFormat format;
  private final List<Column> columns;
  private List<Field> record = List.of();
  private int length;

  /** Throws {@code invalid} for columns that CSV cannot hold. */
  CsvRecords(Path file, CsvFormat format, List<Column> columns) throws IOException {
    for (Column column : columns) {
      if (column.repeated() || column.type() == FieldType.STRUCT) {
        throw ApiException.invalid(
            "CSV cannot fill the field " + column.name() + ": it is repeated or a record.");
      }
    }
    this.format = format;
    this.columns = columns;
    this.reader = new CsvReader(file, format);
  }

  @Override
  public boolean next() throws IOException {
    record = reader.next();
    return !record.isEmpty();
  }

  @Override
  public byte[] bytes() {
    if (record.size() > columns.size() && !format.ignoreExtra()) {
      throw new RowException("Too many values in line. Found " + record.size() + " columns.", null);
    }
    if (record.size() < columns.size() && !format.jagged()) {
      throw new RowException(
          "Too few columns: found %s and expected %s.".formatted(record.size(), columns.size()),
          null);
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      for (int i = 0; i < Math.min(record.size(), columns.size()); i++) {
        json.writeFieldName(columns.get(i).name());
        write(record.get(i), columns.get(i), json);
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail to be written", e);
    }
    byte[] bytes = out.toByteArray();
    length = bytes.length;
    return bytes;
  }

  private void write(Field field, Column column, JsonGenerator json) throws IOException {
    boolean isText = column.type() == FieldType.STRING || column.type() == FieldType.BYTES;
    boolean isEmpty = field.text().isEmpty() && format.nullMarkers().contains("");
    if (field.isNull(format) || isEmpty && !isText) {
      json.writeNull();
    } else if (column.type() == FieldType.JSON) {
      json.writeRawValue(checked(field.text(), column));
    } else if (column.type() == FieldType.BOOL) {
      json.writeString(bool(field.text()));
    } else {
      json.writeString(field.text());
    }
  }

  private static String checked(String text, Column column) {
    try {
      JSON.readTree(text);
      return text;
    } catch (JsonProcessingException e) {
      throw new RowException("Invalid JSON. Field: " + column.name(), column.name());
    }
  }

  /** CSV knows more words for truth than JSON. */
  private static String bool(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "1", "t", "y", "yes" -> "true";
      case "0", "f", "n", "no" -> "false";
      default -> text;
    };
  }

  @Override
  public int length() {
    return length;
  }

  @Override
  public long number() {
    return reader.number();
  }

  @Override
  public long start() {
    return reader.start();
  }

  @Override
  public String format() {
    return "CSV";
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
