package io.gkp.localbigquery.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.gkp.localbigquery.storage.Column;
import io.gkp.localbigquery.storage.FieldType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads the fields of one JSON object, at whatever depth. */
final class StructParser {
  private final List<Column> columns;
  private final String[] names;
  private final String[] paths;
  private final StructParser[] nested;
  private final Map<String, Integer> positions = new HashMap<>();
  private final String prefix;
  private final boolean ignoreUnknown;

  StructParser(String prefix, List<Column> columns, boolean ignoreUnknown) {
    this.prefix = prefix;
    this.columns = columns;
    this.ignoreUnknown = ignoreUnknown;
    this.names = columns.stream().map(column -> column.name().intern()).toArray(String[]::new);
    this.paths = new String[columns.size()];
    this.nested = new StructParser[columns.size()];
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      positions.put(column.name().toLowerCase(Locale.ROOT), i);
      paths[i] = prefix + column.name();
      if (column.type() == FieldType.STRUCT) {
        nested[i] = new StructParser(paths[i] + ".", column.fields(), ignoreUnknown);
      }
    }
    columns.forEach(column -> positions.putIfAbsent(column.name(), position(column.name())));
  }

  /** Reads up to the end of the object whose start was just read. */
  Object[] parse(JsonParser parser) throws IOException {
    Object[] values = new Object[columns.size()];
    boolean[] seen = new boolean[values.length];
    int i = -1;
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      i = position(name, i + 1);
      parser.nextToken();
      if (i < 0) {
        if (!ignoreUnknown) {
          throw new RowException("No such field: " + prefix + name + ".", prefix + name);
        }
        parser.skipChildren();
        continue;
      }
      if (seen[i]) {
        throw new RowException("Field given twice: " + paths[i] + ".", paths[i]);
      }
      seen[i] = true;
      values[i] = columns.get(i).repeated() ? repeated(i, parser) : single(i, parser);
    }
    complete(values, seen);
    return values;
  }

  private void complete(Object[] values, boolean[] seen) {
    for (int i = 0; i < values.length; i++) {
      if (values[i] == null) {
        if (columns.get(i).required()) {
          throw new RowException(
              seen[i]
                  ? "Only optional fields can be set to NULL. Field: " + paths[i] + "; Value: NULL"
                  : "Missing required field: " + paths[i] + ".",
              paths[i]);
        }
        if (columns.get(i).repeated()) {
          values[i] = List.of();
        }
      }
    }
  }

  /**
   * @param likely where the name stands if objects name their fields in the schema's order
   */
  private int position(String name, int likely) {
    return likely < names.length && names[likely].equals(name) ? likely : position(name);
  }

  private int position(String name) {
    Integer position = positions.get(name);
    if (position == null) {
      position = positions.get(name.toLowerCase(Locale.ROOT));
    }
    return position == null ? -1 : position;
  }

  private Object single(int i, JsonParser parser) throws IOException {
    return parser.currentToken() == JsonToken.VALUE_NULL ? null : value(i, parser);
  }

  private Object repeated(int i, JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.VALUE_NULL) {
      return null;
    }
    if (parser.currentToken() != JsonToken.START_ARRAY) {
      throw new RowException(
          "Value specified for repeated field is not an array. Field: " + paths[i], paths[i]);
    }
    List<Object> elements = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (parser.currentToken() == JsonToken.VALUE_NULL) {
        throw new RowException(
            "Only optional fields can be set to NULL. Field: " + paths[i] + "; Value: NULL",
            paths[i]);
      }
      elements.add(value(i, parser));
    }
    return elements;
  }

  private Object value(int i, JsonParser parser) throws IOException {
    Column column = columns.get(i);
    if (column.type() == FieldType.JSON) {
      return JsonColumn.text(parser);
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      throw new RowException("Array specified for non-repeated field: " + paths[i] + ".", paths[i]);
    }
    if (column.type() == FieldType.STRUCT) {
      if (parser.currentToken() != JsonToken.START_OBJECT) {
        throw new RowException(
            "Value specified for record field is not an object. Field: " + paths[i], paths[i]);
      }
      return nested[i].parse(parser);
    }
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      throw new RowException("JSON object specified for non-record field: " + paths[i], paths[i]);
    }
    return ScalarParser.parse(column, paths[i], parser);
  }
}
