package io.gkp.connector.changelog;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.Change.Row;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction makes of a table's keys, where several rows may have one key until it ends.
 *
 * <ol>
 *   <li>Each change ends the old row that it brings, whole, and begins the new one.
 *   <li>Of a key, rows that were begun count up and those that were ended count down, by their
 *       content. What is left is the difference that the transaction makes: a row that stands now,
 *       a row from before that does not, both, or neither.
 *   <li>Where the changes in their order leave a key so, they stay as they came. Otherwise one row
 *       says what is left, and none where nothing is.
 * </ol>
 */
final class KeyLives {
  private static final int BYTES_PER_ROW = 500;
  private static final int BYTES_PER_VALUE = 48;

  private final SourceTable layout;
  private final int[] key;
  private final List<Change> changes = new ArrayList<>();
  private final Map<List<String>, Life> lives = new HashMap<>();
  private long bytes;

  KeyLives(SourceTable layout) {
    this.layout = layout;
    List<SourceColumn> columns = layout.columns();
    this.key = IntStream.range(0, columns.size()).filter(i -> columns.get(i).isKey()).toArray();
  }

  /** The rows of one key. */
  private static final class Life {
    private final Map<List<String>, Integer> difference = new LinkedHashMap<>();
    private @Nullable Row last;

    void add(Row row) {
      int step = row.operation() == ChangeOp.DELETE ? -1 : 1;
      difference.merge(content(row), step, (a, b) -> a + b == 0 ? null : a + b);
      last = row;
    }

    /** The row that stands, or has gone; null for none. */
    private @Nullable List<String> left(int count) {
      return difference.entrySet().stream()
          .filter(entry -> entry.getValue() == count)
          .map(Map.Entry::getKey)
          .findFirst()
          .orElse(null);
    }

    @Nullable List<String> standing() {
      return left(1);
    }

    @Nullable List<String> gone() {
      return left(-1);
    }

    /** A key is one row's when a transaction ends, and was when it began. */
    boolean isDecided() {
      int rows = (standing() == null ? 0 : 1) + (gone() == null ? 0 : 1);
      return difference.size() == rows;
    }

    boolean isAsItCame() {
      Row end = requireNonNull(last);
      List<String> standing = standing();
      if (standing != null) {
        return end.operation() != ChangeOp.DELETE && content(end).equals(standing);
      }
      return (end.operation() == ChangeOp.DELETE) == (gone() != null);
    }
  }

  boolean fit(SourceTable other) {
    return layout == other;
  }

  /**
   * @return about how much memory it takes
   */
  long add(Change came) {
    Change change = came.compact();
    changes.add(change);
    long added = 0;
    for (Row row : change.rows()) {
      lives.computeIfAbsent(keyOf(row), k -> new Life()).add(row);
      added += BYTES_PER_ROW;
      for (int i = 0; i < row.values().size(); i++) {
        added += BYTES_PER_VALUE + 2L * row.values().length(i);
      }
    }
    bytes += added;
    return added;
  }

  long bytes() {
    return bytes;
  }

  boolean areDecided() {
    return lives.values().stream().allMatch(Life::isDecided);
  }

  /** The changes with the rows that they came with. */
  List<Change> undecided() {
    return changes.stream().map(Change::asItCame).toList();
  }

  /** The changes with rows whose order is that of their keys' lives. */
  List<Change> decided() {
    Map<List<String>, Row> corrections = corrections();
    List<Change> decided = new ArrayList<>();
    for (Change change : changes) {
      List<Row> rows = new ArrayList<>();
      for (Row row : change.rows()) {
        Life life = requireNonNull(lives.get(keyOf(row)));
        if (life.isAsItCame()) {
          rows.add(row);
        } else if (corrections.get(keyOf(row)) == row) {
          rows.add(new Row(operation(life), row.values()));
        }
      }
      decided.add(change.with(rows).asItCame());
    }
    return decided;
  }

  /** Of each key whose changes do not leave it as it is, the one that says how. */
  private Map<List<String>, Row> corrections() {
    Map<List<String>, Row> corrections = new HashMap<>();
    for (Change change : changes) {
      for (Row row : change.rows()) {
        Life life = requireNonNull(lives.get(keyOf(row)));
        List<String> left = life.standing() != null ? life.standing() : life.gone();
        boolean begins = row.operation() != ChangeOp.DELETE;
        if (begins == (life.standing() != null) && content(row).equals(left)) {
          corrections.put(keyOf(row), row);
        }
      }
    }
    return corrections;
  }

  private static ChangeOp operation(Life life) {
    if (life.standing() == null) {
      return ChangeOp.DELETE;
    }
    return life.gone() == null ? ChangeOp.CREATE : ChangeOp.UPDATE;
  }

  private List<String> keyOf(Row row) {
    return Arrays.asList(Arrays.stream(key).mapToObj(row.values()::text).toArray(String[]::new));
  }

  private static List<String> content(Row row) {
    return Arrays.asList(row.values().texts());
  }
}
