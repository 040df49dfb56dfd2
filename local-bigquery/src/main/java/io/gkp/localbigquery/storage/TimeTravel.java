package io.gkp.localbigquery.storage;

import com.google.api.services.bigquery.model.Dataset;
import com.google.api.services.bigquery.model.Table;
import com.google.api.services.bigquery.model.TableReference;
import io.gkp.localbigquery.api.ApiException;
import java.math.BigInteger;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiFunction;

/**
 * What tables have been in the last days.
 *
 * <ol>
 *   <li>A change that adds rows or a column leaves the state before it where it is: as the first
 *       rows of the table in DuckDB.
 *   <li>A change that puts another table in DuckDB in the place leaves the one before it.
 *   <li>A change that removes or changes rows of a table in DuckDB copies it first. ({@link
 *       Retirement} sees to these three.)
 *   <li>States that are older than the dataset's window go. So do the oldest ones where there is
 *       too much of them. A table that alone is too much keeps none that would take room, and one
 *       that would take a quarter of it is not copied.
 * </ol>
 *
 * @see <a href="https://cloud.google.com/bigquery/docs/time-travel">Time travel</a>
 */
final class TimeTravel {
  /** What a table in DuckDB takes, however few its rows are. */
  private static final long LEAST_BYTES = 256 << 10;

  /** What share of the room one copy may take. */
  private static final int MOST_COPIED = 4;

  private static final int MOST_STATES = 100_000;
  private static final long DEFAULT_HOURS = 168;
  private static final long BETWEEN_SWEEPS = TimeUnit.MINUTES.toMicros(10);

  private final RowTables rowTables;
  private final long mostBytes;
  private final int mostStates;

  /** The tables in DuckDB that the past alone needs, and what each takes. */
  private final Map<String, Long> kept = new ConcurrentHashMap<>();

  private final AtomicLong states = new AtomicLong();
  private volatile long nextSweep;

  TimeTravel(RowTables rowTables, long mostBytes) {
    this(rowTables, mostBytes, MOST_STATES);
  }

  TimeTravel(RowTables rowTables, long mostBytes, int mostStates) {
    this.rowTables = rowTables;
    this.mostBytes = mostBytes;
    this.mostStates = mostStates;
  }

  RowTables rowTables() {
    return rowTables;
  }

  boolean hasRoomFor(StoredTable table) {
    return bytes(table) <= mostBytes;
  }

  /** Whether it is worth the time to copy its rows, which takes as long as to write them. */
  boolean copies(StoredTable table) {
    return bytes(table) <= mostBytes / MOST_COPIED;
  }

  private static long bytes(StoredTable table) {
    return Math.max(LEAST_BYTES, table.bytes());
  }

  /** A table in DuckDB stays for the past alone. */
  void keep(StoredTable table) {
    kept.put(table.physical(), bytes(table));
  }

  /** A state has become one of the past. */
  void added() {
    states.incrementAndGet();
  }

  /** Forgets the states, a part of a table's. */
  void removed(Map<Long, PastState> part) {
    if (!part.isEmpty()) {
      states.addAndGet(-part.size());
      part.clear();
    }
  }

  /**
   * The table as it was.
   *
   * @param micros since 1970; 0 for the oldest state that is kept
   * @throws ApiException {@code invalidQuery} for a time that is not in the window, or when there
   *     was no table; {@code notImplemented} where the rows are gone
   */
  static StoredTable at(StoredDataset dataset, TableReference table, long micros) {
    // What ends in milliseconds was cut off there.
    long time = micros % 1000 == 0 ? micros + 999 : micros;
    long now = StoredTable.micros();
    if (micros > now) {
      throw invalid(table, micros, "Cannot read in the future.");
    }
    Optional<StoredTable> current = Optional.ofNullable(dataset.tables().get(table.getTableId()));
    if (current.isPresent() && time >= current.get().since()) {
      return current.get();
    }
    NavigableMap<Long, PastState> past = dataset.past(table.getTableId());
    if (current.isEmpty() && past.isEmpty()) {
      throw Names.tableNotFound(table);
    }
    long window = now - window(dataset.metadata());
    if (micros == 0) {
      return oldest(past, window).or(() -> current).orElseThrow(() -> Names.tableNotFound(table));
    }
    long first = past.isEmpty() ? current.get().since() : past.firstKey();
    if (time < Math.max(window, first)) {
      throw invalid(table, micros, "Cannot read before " + ceil(Math.max(window, first)) + ".");
    }
    PastState state = past.floorEntry(time).getValue();
    if (micros >= state.until()) {
      throw Names.tableNotFound(table);
    }
    if (state.isGone()) {
      throw gone(table);
    }
    return state.table();
  }

  static ApiException gone(TableReference table) {
    return ApiException.notImplemented(
        "FOR SYSTEM_TIME AS OF a time whose rows of "
            + Names.of(table)
            + " are no longer kept (GKP_LOCAL_BIGQUERY_TIME_TRAVEL says how many are)");
  }

  private static Optional<StoredTable> oldest(NavigableMap<Long, PastState> past, long window) {
    return past.values().stream()
        .filter(state -> !state.isGone() && state.until() > window)
        .map(PastState::table)
        .findFirst();
  }

  private static long ceil(long micros) {
    return (micros + 999) / 1000;
  }

  private static ApiException invalid(TableReference table, long micros, String why) {
    return ApiException.invalidQuery(
        "Invalid snapshot time %d for table %s@%1$d. %s"
            .formatted(micros / 1000, Names.of(table), why));
  }

  /** What clients see of a past state, under a name that asks for it. */
  static Table metadata(StoredTable state, TableReference named) {
    return state
        .metadata()
        .setTableReference(named)
        .setLastModifiedTime(BigInteger.valueOf(state.since() / 1000));
  }

  /** In microseconds. */
  private static long window(Dataset dataset) {
    Long hours = dataset.getMaxTimeTravelHours();
    return TimeUnit.HOURS.toMicros(hours == null ? DEFAULT_HOURS : hours);
  }

  /** Reads what an earlier process has kept. */
  void read(Session session, BiFunction<String, String, StoredDataset> find) {
    MetaTables.readPast(
        session,
        (table, definition, physical, rows, bytes, since, until) -> {
          StoredDataset dataset = find.apply(table.getProjectId(), table.getDatasetId());
          StoredTable current = dataset.tables().get(table.getTableId());
          NavigableMap<Long, PastState> past = of(dataset, table.getTableId());
          Table known =
              definition != null || physical == null
                  ? definition
                  : past.isEmpty()
                      ? current.definition()
                      : past.firstEntry().getValue().table().definition();
          added();
          past.put(
              since,
              physical == null
                  ? PastState.gone(since, until)
                  : new PastState(new StoredTable(known, physical, rows, bytes, since), until));
          if (physical != null && (current == null || !physical.equals(current.physical()))) {
            kept.merge(physical, Math.max(LEAST_BYTES, bytes), Math::max);
          }
        });
  }

  /** To be written to. */
  static NavigableMap<Long, PastState> of(StoredDataset dataset, String table) {
    return dataset.past().computeIfAbsent(table, name -> new ConcurrentSkipListMap<>());
  }

  /** The tables in DuckDB of a dataset that goes whole. */
  void forget(Session session, StoredDataset dataset) {
    Set<String> physical = new HashSet<>();
    dataset.past().values().forEach(past -> physical.addAll(physical(past.values())));
    dataset.tables().values().forEach(table -> physical.remove(table.physical()));
    physical.forEach(name -> RowTables.drop(session, name));
  }

  void forgotten(StoredDataset dataset) {
    dataset.past().values().forEach(this::forgotten);
  }

  /** The tables in DuckDB of a table that is no more, as its name is given to another. */
  static void forget(Session session, TableReference table, Map<Long, PastState> past) {
    physical(past.values()).forEach(name -> RowTables.drop(session, name));
    MetaTables.deletePast(session, table, 0, Long.MAX_VALUE);
  }

  void forgotten(Map<Long, PastState> past) {
    kept.keySet().removeAll(physical(past.values()));
    removed(past);
  }

  private static Set<String> physical(Collection<PastState> states) {
    Set<String> names = new HashSet<>();
    states.stream().filter(s -> !s.isGone()).forEach(s -> names.add(s.table().physical()));
    return names;
  }

  /**
   * The states that are too old, or too many.
   *
   * @param until when the last of them ended
   */
  record Excess(StoredDataset dataset, String table, long until) {}

  /** The next ones to go. */
  Optional<Excess> excess(Collection<StoredDataset> datasets) {
    long now = StoredTable.micros();
    if (now >= nextSweep) {
      for (StoredDataset dataset : datasets) {
        long window = now - window(dataset.metadata());
        for (var past : dataset.past().entrySet()) {
          for (PastState state : past.getValue().values()) {
            if (state.until() < window) {
              return Optional.of(new Excess(dataset, past.getKey(), state.until()));
            }
            break;
          }
        }
      }
      nextSweep = now + BETWEEN_SWEEPS;
    }
    if (states.get() > mostStates) {
      return half(datasets);
    }
    return kept.values().stream().mapToLong(Long::longValue).sum() > mostBytes
        ? oldest(datasets)
        : Optional.empty();
  }

  /** The older half of what the table with the most states has. */
  private static Optional<Excess> half(Collection<StoredDataset> datasets) {
    Excess half = null;
    int most = 0;
    for (StoredDataset dataset : datasets) {
      for (var past : dataset.past().entrySet()) {
        List<PastState> all = List.copyOf(past.getValue().values());
        if (all.size() > most) {
          most = all.size();
          half = new Excess(dataset, past.getKey(), all.get(most / 2).until());
        }
      }
    }
    return Optional.ofNullable(half);
  }

  private Optional<Excess> oldest(Collection<StoredDataset> datasets) {
    Excess oldest = null;
    for (StoredDataset dataset : datasets) {
      for (var past : dataset.past().entrySet()) {
        for (PastState state : past.getValue().values()) {
          if (!state.isGone() && kept.containsKey(state.table().physical())) {
            if (oldest == null || state.until() < oldest.until()) {
              oldest = new Excess(dataset, past.getKey(), state.until());
            }
            break;
          }
        }
      }
    }
    return Optional.ofNullable(oldest);
  }

  /**
   * Takes away what is too much. Only while nobody else changes the dataset.
   *
   * @return whether there was something
   */
  boolean remove(Session session, Excess excess) {
    StoredDataset dataset = excess.dataset();
    NavigableMap<Long, PastState> past = dataset.past(excess.table());
    NavigableMap<Long, PastState> going = new TreeMap<>();
    past.values().stream()
        .takeWhile(state -> state.until() <= excess.until())
        .forEach(state -> going.put(state.since(), state));
    boolean isTooOld = excess.until() < StoredTable.micros() - window(dataset.metadata());
    if (dataset.isDeleted()
        || going.isEmpty()
        || !isTooOld && going.values().stream().allMatch(PastState::isGone)) {
      return false;
    }
    Set<String> unused = physical(going.values());
    unused.removeAll(physical(past.tailMap(going.lastKey(), false).values()));
    Optional.ofNullable(dataset.tables().get(excess.table()))
        .ifPresent(table -> unused.remove(table.physical()));
    Optional<PastState> gone =
        isTooOld ? Optional.empty() : Optional.of(PastState.gone(going.firstKey(), excess.until()));
    TableReference table = dataset.pastOf(excess.table());
    session.transaction(
        () -> {
          unused.forEach(physical -> RowTables.drop(session, physical));
          MetaTables.deletePast(session, table, going.firstKey(), going.lastKey());
          gone.ifPresent(state -> MetaTables.insert(session, table, state, false));
        });
    removed(past.headMap(going.lastKey(), true));
    gone.ifPresent(
        state -> {
          past.put(state.since(), state);
          added();
        });
    kept.keySet().removeAll(unused);
    return true;
  }
}
