package io.gkp.localbigquery.load;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonParser.NumberType;
import com.fasterxml.jackson.core.JsonToken;
import com.google.api.services.bigquery.model.TableFieldSchema;
import com.google.api.services.bigquery.model.TableSchema;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What the values of a field that were seen so far have in common.
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/schema-detect">Schema auto-detection</a>
 */
final class Detected {
  private static final String DAY = "\\d{4}-\\d{1,2}-\\d{1,2}";
  private static final String TIME = "\\d{1,2}:\\d{2}:\\d{2}(\\.\\d{1,6})?";
  private static final Map<String, Pattern> TEXTS = new LinkedHashMap<>();

  static {
    TEXTS.put("INTEGER", Pattern.compile("[-+]?\\d{1,18}"));
    TEXTS.put("FLOAT", Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d+)?"));
    TEXTS.put("BOOLEAN", Pattern.compile("(?i)true|false"));
    TEXTS.put("DATE", Pattern.compile(DAY));
    TEXTS.put("TIME", Pattern.compile(TIME));
    TEXTS.put(
        "TIMESTAMP", Pattern.compile(DAY + "[T ]" + TIME + "( ?(Z|UTC|[-+]\\d{1,2}(:?\\d{2})?))?"));
  }

  private final Map<String, Detected> fields = new LinkedHashMap<>();
  private String type;
  private boolean repeated;

  /** Looks at the value at which the parser stands, up to its end. */
  void see(JsonParser parser) throws IOException {
    switch (parser.currentToken()) {
      case START_OBJECT -> {
        see("RECORD");
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          Detected field = field(parser.currentName());
          parser.nextToken();
          field.see(parser);
        }
      }
      case START_ARRAY -> {
        repeated = true;
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          see(parser);
        }
      }
      case VALUE_STRING -> seeText(parser.getText());
      case VALUE_NUMBER_INT ->
          see(parser.getNumberType() == NumberType.BIG_INTEGER ? "FLOAT" : "INTEGER");
      case VALUE_NUMBER_FLOAT -> see("FLOAT");
      case VALUE_TRUE, VALUE_FALSE -> see("BOOLEAN");
      default -> {}
    }
  }

  void seeText(String text) {
    see(typeOf(text));
  }

  private void see(String seen) {
    type = type == null ? seen : common(type, seen);
  }

  Detected field(String name) {
    return fields.computeIfAbsent(name, unknown -> new Detected());
  }

  private static String common(String one, String other) {
    if (one.equals(other)) {
      return one;
    }
    List<String> both = List.of(one, other);
    if (both.contains("INTEGER") && both.contains("FLOAT")) {
      return "FLOAT";
    }
    return both.contains("DATE") && both.contains("TIMESTAMP") ? "TIMESTAMP" : "STRING";
  }

  static String typeOf(String text) {
    for (Map.Entry<String, Pattern> kind : TEXTS.entrySet()) {
      if (kind.getValue().matcher(text).matches()) {
        return kind.getKey();
      }
    }
    return "STRING";
  }

  String type() {
    return type == null ? "STRING" : type;
  }

  TableFieldSchema schema(String name) {
    TableFieldSchema schema =
        new TableFieldSchema()
            .setName(name)
            .setType(type())
            .setMode(repeated ? "REPEATED" : "NULLABLE");
    return type().equals("RECORD") ? schema.setFields(schemas()) : schema;
  }

  /** What was seen and the table lacks, after the fields that it has. */
  static TableSchema beside(TableSchema table, TableSchema seen) {
    return new TableSchema().setFields(beside(table.getFields(), seen.getFields()));
  }

  private static List<TableFieldSchema> beside(
      List<TableFieldSchema> table, List<TableFieldSchema> seen) {
    Map<String, TableFieldSchema> all = new LinkedHashMap<>();
    table.forEach(field -> all.put(key(field), field));
    for (TableFieldSchema field : seen) {
      TableFieldSchema has = all.putIfAbsent(key(field), field);
      if (has != null && has.getFields() != null && field.getFields() != null) {
        all.put(key(field), has.clone().setFields(beside(has.getFields(), field.getFields())));
      }
    }
    return List.copyOf(all.values());
  }

  private static String key(TableFieldSchema field) {
    return field.getName().toLowerCase(Locale.ROOT);
  }

  /** Of an object's members, in the order in which they were seen first. */
  List<TableFieldSchema> schemas() {
    return fields.entrySet().stream()
        .map(field -> field.getValue().schema(field.getKey()))
        .toList();
  }
}
