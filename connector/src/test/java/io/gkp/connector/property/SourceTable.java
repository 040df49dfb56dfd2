package io.gkp.connector.property;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** The tables of a story. Every value but a key's may be long enough to leave the row. */
enum SourceTable {
  PLAIN(List.of("id"), "id int", "name text", "amount numeric(12,2)"),
  PAIRS(List.of("lang", "id"), "lang text", "id int", "body text", "score int"),
  WIDE(
      List.of("id"),
      "id int",
      "doc text",
      "tags text[]",
      "data jsonb",
      "blob bytea",
      "big numeric",
      "n int"),
  /** Without a key: only its raw table can be compared. */
  EVENTS(List.of(), "at int", "what text");

  /** Columns that are added later begin so. */
  static final String ADDED = "added_";

  private final List<String> key;
  private final Map<String, String> types = new LinkedHashMap<>();

  SourceTable(List<String> key, String... columns) {
    this.key = key;
    for (String column : columns) {
      types.put(
          column.substring(0, column.indexOf(' ')), column.substring(column.indexOf(' ') + 1));
    }
  }

  String table() {
    return name().toLowerCase(Locale.ROOT);
  }

  List<String> key() {
    return key;
  }

  boolean isKeyed() {
    return !key.isEmpty();
  }

  /** The columns that a story fills, by type; without those that are added later. */
  Map<String, String> filled() {
    Map<String, String> values = new LinkedHashMap<>(types);
    values.keySet().removeAll(isKeyed() ? key : List.of("at"));
    return values;
  }

  /** A column's Postgres type. */
  String type(String column) {
    return column.startsWith(ADDED) ? "text" : types.get(column);
  }

  /** Creates the table; long values are stored out of line as they are. */
  List<String> ddl() {
    String columns =
        types.entrySet().stream()
            .map(column -> column.getKey() + " " + column.getValue())
            .collect(Collectors.joining(", "));
    String create = "CREATE TABLE " + table() + " (" + columns;
    String storage =
        filled().entrySet().stream()
            .filter(column -> !column.getValue().equals("int"))
            .map(column -> "ALTER COLUMN " + column.getKey() + " SET STORAGE EXTERNAL")
            .collect(Collectors.joining(", "));
    String identity =
        isKeyed() ? "ADD PRIMARY KEY (" + String.join(", ", key) + ")" : "REPLICA IDENTITY FULL";
    return List.of(create + ")", "ALTER TABLE " + table() + " " + storage + ", " + identity);
  }

  /** The key columns' values for a number. */
  List<String> keyValues(int number) {
    return this == PAIRS
        ? List.of(number % 2 == 0 ? "'de'" : "'en'", String.valueOf(number / 2))
        : List.of(String.valueOf(number));
  }

  /** The columns that tell rows apart in statements. */
  List<String> address() {
    return isKeyed() ? key : List.of("at");
  }
}
