package io.gkp.connector.changelog;

import static java.util.Objects.requireNonNull;

import io.gkp.connector.changelog.StreamBatcher.EpochTable;
import io.gkp.connector.composition.Composition;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.stream.ChangeHandler;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.name.TableName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Sees that values come under the names that their columns have. PostgreSQL announces a table as it
 * was when its rows were written. A column that was renamed, and is called again as before by now,
 * leaves no trace in the catalogue; its values went to another column meanwhile.
 */
public final class ColumnWatch extends Watch {
  private final Map<TableName, EpochTable> tables;
  private final Function<TableName, Optional<Composition>> now;
  private final Doubts doubts;

  /** The columns that a run's own look at the catalogue says are sent. */
  private final Map<TableName, Set<String>> sent = new HashMap<>();

  /** The shape that was looked at last. */
  private final Map<TableName, SourceTable> seen = new HashMap<>();

  /**
   * @param now what a table consists of now
   */
  public ColumnWatch(
      ChangeHandler next,
      Map<TableName, EpochTable> tables,
      Function<TableName, Optional<Composition>> now,
      Doubts doubts) {
    super(next);
    this.tables = tables;
    this.now = now;
    this.doubts = doubts;
    tables.forEach(
        (name, table) -> sent.put(name, Set.copyOf(names(table.raw().mapping().source()))));
  }

  @Override
  void see(Change change) {
    EpochTable table = tables.get(change.table());
    if (table != null && seen.put(change.table(), change.layout()) != change.layout()) {
      contradiction(table, change)
          .ifPresent(what -> doubts.doubt(change.table(), table.epoch(), "It " + what + "."));
    }
  }

  private Optional<String> contradiction(EpochTable table, Change change) {
    Optional<Composition> before = Composition.parse(table.epoch().composition());
    Optional<Composition> today = now.apply(change.table());
    if (before.isEmpty() || today.isEmpty()) {
      return Optional.empty();
    }
    return before
        .get()
        .contradiction(
            today.get(), requireNonNull(sent.get(change.table())), names(change.layout()));
  }

  private static List<String> names(SourceTable table) {
    return table.columns().stream().map(SourceColumn::name).toList();
  }
}
