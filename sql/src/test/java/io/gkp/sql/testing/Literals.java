package io.gkp.sql.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.sql.model.Column;
import io.gkp.sql.render.Identifiers;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Rows of a fixture as a GoogleSQL table expression. */
public final class Literals {
  private Literals() {}

  /**
   * {@code (SELECT * FROM UNNEST(ARRAY<STRUCT<...>>[...]))}; a column that a row leaves out is
   * NULL.
   */
  public static String table(List<Column> columns, Iterable<JsonNode> rows) {
    String struct =
        columns.stream()
            .map(c -> Identifiers.column(c.name()) + " " + c.type())
            .collect(Collectors.joining(", ", "STRUCT<", ">"));
    List<String> texts = new ArrayList<>();
    for (JsonNode row : rows) {
      row.fieldNames()
          .forEachRemaining(
              name -> {
                if (columns.stream().noneMatch(c -> c.name().equals(name))) {
                  throw new IllegalArgumentException("no column " + name);
                }
              });
      texts.add(
          columns.stream()
              .map(c -> value(c.type(), row.path(c.name())))
              .collect(Collectors.joining(", ", "(", columns.size() == 1 ? ",)" : ")")));
    }
    return "(SELECT * FROM UNNEST(ARRAY<" + struct + ">[\n" + String.join(",\n", texts) + "]))";
  }

  static String value(String type, JsonNode value) {
    if (type.startsWith("ARRAY<")) {
      String element = type.substring("ARRAY<".length(), type.length() - 1);
      List<String> elements = new ArrayList<>();
      value.forEach(e -> elements.add(value(element, e)));
      return elements.stream().collect(Collectors.joining(", ", "[", "]"));
    }
    if (type.startsWith("STRUCT<")) {
      List<String> fields = new ArrayList<>();
      value.forEach(f -> fields.add(f.isNull() ? "NULL" : Identifiers.literal(f.asText())));
      return fields.stream().collect(Collectors.joining(", ", "(", ")"));
    }
    if (value.isNull() || value.isMissingNode()) {
      return "CAST(NULL AS " + type + ")";
    }
    return switch (type) {
      case "STRING" -> Identifiers.literal(value.asText());
      case "BYTES" -> "FROM_BASE64(" + Identifiers.literal(value.asText()) + ")";
      case "JSON" ->
          "JSON " + Identifiers.literal(value.isTextual() ? value.asText() : value.toString());
      case "DATE", "TIMESTAMP", "TIME", "DATETIME", "NUMERIC", "BIGNUMERIC" ->
          type + " " + Identifiers.literal(value.asText());
      default -> value.asText();
    };
  }
}
