package io.gkp.connector.property;

import io.gkp.connector.property.SourceAction.Copy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.postgresql.PGConnection;

/** The SQL of a story's statements. No two of them write the same value. */
final class SourceStatements {
  /** A key that no story uses otherwise. */
  private static final int THIRD_KEY = 98;

  private static final SourceValue.Kind[] COPIED = {
    SourceValue.Kind.SHORT, SourceValue.Kind.LONG, SourceValue.Kind.NULL
  };

  private final Map<SourceTable, Integer> added = new EnumMap<>(SourceTable.class);
  private int number = 100;

  String insert(SourceTable table, int key, int count, int values) {
    List<String> rows = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<String> row = new ArrayList<>(table.keyValues(key + i));
      row.addAll(literals(table, values));
      rows.add("(" + String.join(", ", row) + ")");
    }
    return "INSERT INTO %s (%s) VALUES %s ON CONFLICT DO NOTHING"
        .formatted(table.table(), String.join(", ", columns(table)), String.join(", ", rows));
  }

  List<String> update(SourceTable table, int key, int values) {
    return assignments(table, values).stream()
        .map(set -> "UPDATE %s SET %s WHERE %s".formatted(table.table(), set, where(table, key)))
        .toList();
  }

  List<String> updateAll(SourceTable table, int values) {
    return assignments(table, values).stream()
        .map(set -> "UPDATE %s SET %s".formatted(table.table(), set))
        .toList();
  }

  String move(SourceTable table, int from, int to, int values) {
    List<String> sets = new ArrayList<>();
    for (int i = 0; i < table.address().size(); i++) {
      sets.add(table.address().get(i) + " = " + table.keyValues(to).get(i));
    }
    sets.addAll(assignments(table, values));
    return "UPDATE %s SET %s WHERE %s"
        .formatted(table.table(), String.join(", ", sets), where(table, from));
  }

  List<String> swap(SourceTable table, int left, int right) {
    return left == right
        ? List.of()
        : List.of(
            move(table, left, THIRD_KEY, 0),
            move(table, right, left, 0),
            move(table, THIRD_KEY, right, 0));
  }

  String delete(SourceTable table, int key) {
    return "DELETE FROM %s WHERE %s".formatted(table.table(), where(table, key));
  }

  List<String> addColumn(SourceTable table) {
    String column = SourceTable.ADDED + (added.getOrDefault(table, 0) + 1);
    return List.of(
        "ALTER TABLE %s ADD COLUMN %s text".formatted(table.table(), column),
        "ALTER TABLE %s ALTER COLUMN %s SET STORAGE EXTERNAL".formatted(table.table(), column));
  }

  /** From now on statements fill the column. */
  void columnAdded(SourceTable table) {
    added.merge(table, 1, Integer::sum);
  }

  void copy(Connection connection, Copy copy) throws SQLException {
    SourceTable table = copy.table();
    StringBuilder rows = new StringBuilder();
    for (int i = 0; i < copy.count(); i++) {
      List<String> row = new ArrayList<>(table.keyValues(copy.key() + i));
      for (String type : table.filled().values()) {
        String literal = SourceValue.literal(type, COPIED[number % COPIED.length], number++);
        row.add(literal.equals("NULL") ? "\\N" : literal);
      }
      rows.append(
          row.stream()
              .map(value -> value.replaceAll("^'|'$", "").replace("\\x", "\\\\x"))
              .collect(Collectors.joining("\t", "", "\n")));
    }
    List<String> columns = new ArrayList<>(table.address());
    columns.addAll(table.filled().keySet());
    try {
      connection
          .unwrap(PGConnection.class)
          .getCopyAPI()
          .copyIn(
              "COPY " + table.table() + " (" + String.join(", ", columns) + ") FROM STDIN",
              new ByteArrayInputStream(rows.toString().getBytes(StandardCharsets.UTF_8)));
    } catch (IOException e) {
      throw new SQLException(e);
    }
  }

  private List<String> columns(SourceTable table) {
    List<String> columns = new ArrayList<>(table.address());
    columns.addAll(values(table).keySet());
    return columns;
  }

  private Map<String, String> values(SourceTable table) {
    Map<String, String> values = table.filled();
    if (added.containsKey(table)) {
      String column = SourceTable.ADDED + added.get(table);
      values.put(column, table.type(column));
    }
    return values;
  }

  private List<String> literals(SourceTable table, int choice) {
    List<String> literals = new ArrayList<>();
    int column = 0;
    for (String type : values(table).values()) {
      literals.add(SourceValue.literal(type, SourceValue.kind(choice, column++), number++));
    }
    return literals;
  }

  /** {@code a = 1, b = NULL} in one text, or nothing where every column is kept. */
  private List<String> assignments(SourceTable table, int choice) {
    List<String> sets = new ArrayList<>();
    int column = 0;
    for (Map.Entry<String, String> value : values(table).entrySet()) {
      SourceValue.Kind kind = SourceValue.kind(choice, column++);
      if (kind != SourceValue.Kind.KEPT) {
        sets.add(value.getKey() + " = " + SourceValue.literal(value.getValue(), kind, number++));
      }
    }
    return sets.isEmpty() ? List.of() : List.of(String.join(", ", sets));
  }

  private static String where(SourceTable table, int key) {
    List<String> conditions = new ArrayList<>();
    for (int i = 0; i < table.address().size(); i++) {
      conditions.add(table.address().get(i) + " = " + table.keyValues(key).get(i));
    }
    return String.join(" AND ", conditions);
  }
}
