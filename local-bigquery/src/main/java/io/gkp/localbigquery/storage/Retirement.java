package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import java.util.NavigableMap;
import java.util.Optional;

/**
 * What becomes of the state that a table had, within the transaction that changes the table.
 *
 * <ol>
 *   <li>{@link #beforeRemoval} is told before rows of its table in DuckDB change.
 *   <li>{@link #settle} writes what stays, before the transaction's end.
 *   <li>{@link #committed} makes it known, after that.
 * </ol>
 */
final class Retirement {
  private final TimeTravel travel;
  private final StoredDataset dataset;
  private final Optional<StoredTable> before;
  private final boolean isKept;
  private boolean removed;
  private String copy;
  private Runnable known = () -> {};

  /**
   * @param before empty where there was no table
   */
  Retirement(TimeTravel travel, StoredDataset dataset, Optional<StoredTable> before) {
    this.travel = travel;
    this.dataset = dataset;
    this.before = before.filter(table -> table.physical() != null);
    this.isKept = !dataset.isHidden();
  }

  void beforeRemoval(Session session) {
    if (!removed && isKept && before.isPresent()) {
      StoredTable table = before.get();
      if (table.rows() > 0 && travel.copies(table)) {
        copy = travel.rowTables().copy(session, table);
      }
    }
    removed = true;
  }

  /**
   * A state of the past as the transaction reads it.
   *
   * @throws ApiException {@code notImplemented} where the transaction has changed its rows and they
   *     were not copied
   */
  StoredTable within(StoredTable past) {
    boolean isChanged =
        removed
            && past.rows() > 0
            && before.filter(table -> table.physical().equals(past.physical())).isPresent();
    if (isChanged && copy == null) {
      throw TimeTravel.gone(past.definition().getTableReference());
    }
    return isChanged ? past.in(copy) : past;
  }

  /**
   * @param next what the table becomes
   * @return the same, with the time since when it has been so
   */
  StoredTable settle(Session session, StoredTable next) {
    if (before.isEmpty()) {
      return begun(next);
    }
    StoredTable was = before.get();
    boolean stays = was.physical().equals(next.physical());
    if (stays && !removed && was.rows() == next.rows() && was.hasColumnsOf(next)) {
      return next.since(was.since());
    }
    settle(session, was, Optional.of(next), next.since());
    return next;
  }

  /** A new table has been there since its creation, unless one of its name was there then. */
  private StoredTable begun(StoredTable next) {
    long created = next.definition().getCreationTime() * 1000;
    NavigableMap<Long, PastState> past =
        dataset.past(next.definition().getTableReference().getTableId());
    return past.isEmpty() || past.lastEntry().getValue().until() <= created
        ? next.since(created)
        : next;
  }

  /** The table is deleted. */
  void settle(Session session) {
    before.ifPresent(was -> settle(session, was, Optional.empty(), StoredTable.micros()));
  }

  private void settle(Session session, StoredTable was, Optional<StoredTable> next, long until) {
    String own = was.physical();
    boolean stays = next.filter(table -> own.equals(table.physical())).isPresent();
    boolean hasRoom = isKept && travel.hasRoomFor(was);
    if (!stays && !hasRoom) {
      RowTables.drop(session, own);
    }
    if (!isKept) {
      return;
    }
    TableReference table = dataset.pastOf(was.definition().getTableReference().getTableId());
    boolean changedInPlace = stays && removed && was.rows() > 0;
    if (stays ? changedInPlace && copy == null : !hasRoom) {
      lose(session, table, was, until);
      return;
    }
    String holder = copy == null ? own : copy;
    boolean isLast = !stays || removed || !next.get().hasColumnsOf(was);
    NavigableMap<Long, PastState> past = dataset.past(table.getTableId());
    boolean moves = copy != null && past.values().stream().anyMatch(state -> state.liesIn(own));
    if (moves) {
      MetaTables.movePast(session, own, holder);
    }
    PastState state = new PastState(thrifty(was, past).in(holder), until);
    MetaTables.insert(session, table, state, isLast);
    known =
        () -> {
          NavigableMap<Long, PastState> states = TimeTravel.of(dataset, table.getTableId());
          if (moves) {
            states.replaceAll((since, s) -> s.liesIn(own) ? s.in(holder) : s);
          }
          states.put(state.since(), state);
          travel.added();
          if (!stays || copy != null) {
            travel.keep(state.table());
          }
        };
  }

  /** With the definition of the last state, where that has the same columns: there are many. */
  private static StoredTable thrifty(StoredTable was, NavigableMap<Long, PastState> past) {
    return Optional.ofNullable(past.lastEntry())
        .map(last -> last.getValue().table())
        .filter(was::hasColumnsOf)
        .map(last -> was.with(last.definition()))
        .orElse(was);
  }

  /** The rows of this state, and of those before it in the same table in DuckDB, are gone. */
  private void lose(Session session, TableReference table, StoredTable was, long until) {
    long first = was.since();
    for (PastState state : dataset.past(table.getTableId()).descendingMap().values()) {
      if (!state.liesIn(was.physical()) && !state.isGone()) {
        break;
      }
      first = state.since();
    }
    PastState gone = PastState.gone(first, until);
    MetaTables.deletePast(session, table, first, until);
    MetaTables.insert(session, table, gone, false);
    known =
        () -> {
          NavigableMap<Long, PastState> states = TimeTravel.of(dataset, table.getTableId());
          travel.removed(states.subMap(gone.since(), true, until, true));
          states.put(gone.since(), gone);
          travel.added();
        };
  }

  void committed() {
    known.run();
  }
}
