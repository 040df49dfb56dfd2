package io.gkp.sql.changelog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** A source table that is changed at random, and the changes as logical replication tells them. */
final class SourceTable {
  /** Values that begin so are long: Postgres does not send them again while they are unchanged. */
  private static final String LONG = "long";

  /** A row's columns beside the key. */
  record Row(String body, String note, long stars) {}

  /** A change event; {@code row} is null for deletes and truncates. */
  record Event(String op, Long id, Row row, List<String> unavailable, long txId, long lsn) {}

  /** A committed transaction and what the table holds after it. */
  record Transaction(List<Event> events, Map<Long, Row> after) {}

  private final RandomGenerator random;
  private final Map<Long, Row> rows = new TreeMap<>();
  private List<Event> events = new ArrayList<>();
  private long lsn = 1000;
  private long txId = 10;
  private long nextId = 1;

  SourceTable(RandomGenerator random) {
    this.random = random;
  }

  Map<Long, Row> rows() {
    return new TreeMap<>(rows);
  }

  /** The position behind all changes so far. */
  long lsn() {
    return lsn;
  }

  Transaction transaction() {
    events = new ArrayList<>();
    txId++;
    for (int i = random.nextInt(1, 5); i > 0; i--) {
      change();
    }
    return new Transaction(events, rows());
  }

  private void change() {
    int dice = random.nextInt(100);
    if (rows.size() < 3 || dice < 25) {
      insert();
    } else if (dice < 65) {
      update(anyKey());
    } else if (dice < 77) {
      delete(anyKey());
    } else if (dice < 89) {
      move(anyKey(), nextId++);
    } else if (dice < 97) {
      swap();
    } else {
      rows.clear();
      event("t", null, null, List.of());
    }
  }

  private void insert() {
    // Sometimes a key that was used before.
    long id = random.nextInt(3) == 0 ? random.nextLong(1, nextId + 1) : nextId;
    if (!rows.containsKey(id)) {
      nextId = Math.max(nextId, id + 1);
      Row row = new Row(text(), text(), random.nextLong(100));
      rows.put(id, row);
      event("c", id, row, List.of());
    }
  }

  private void update(long id) {
    Row old = rows.get(id);
    Row row =
        new Row(
            random.nextBoolean() ? old.body() : text(),
            random.nextBoolean() ? old.note() : text(),
            random.nextLong(100));
    rows.put(id, row);
    event("u", id, row, unsent(old, row));
  }

  private void delete(long id) {
    rows.remove(id);
    event("d", id, null, List.of());
  }

  private void move(long from, long to) {
    Row old = rows.remove(from);
    Row row = new Row(old.body(), random.nextBoolean() ? old.note() : text(), old.stars());
    rows.put(to, row);
    long sameLsn = lsn++;
    events.add(new Event("d", from, null, List.of(), txId, sameLsn));
    events.add(new Event("c", to, row, unsent(old, row), txId, sameLsn));
  }

  private void swap() {
    long left = anyKey();
    long right = anyKey();
    if (left != right) {
      move(left, 0);
      move(right, left);
      move(0, right);
    }
  }

  private static List<String> unsent(Row old, Row row) {
    List<String> columns = new ArrayList<>();
    if (row.body() != null && row.body().startsWith(LONG) && row.body().equals(old.body())) {
      columns.add("body");
    }
    if (row.note() != null && row.note().startsWith(LONG) && row.note().equals(old.note())) {
      columns.add("note");
    }
    return columns;
  }

  private void event(String op, Long id, Row row, List<String> unavailable) {
    events.add(new Event(op, id, row, unavailable, txId, lsn++));
  }

  private long anyKey() {
    return List.copyOf(rows.keySet()).get(random.nextInt(rows.size()));
  }

  private String text() {
    return switch (random.nextInt(5)) {
      case 0 -> null;
      case 1 -> "short " + random.nextInt(1000);
      default -> LONG + " " + random.nextInt(1000);
    };
  }
}
