package io.gkp.offsets;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Control tables in memory, as one process sees them; {@link #another} is how a second one does.
 *
 * <p>Of the conditions of {@link #read} it understands {@code WHERE n BETWEEN ... AND ...}, {@code
 * AND column IN ('...')}, {@code ORDER BY} and {@code LIMIT}, and refuses any other.
 */
public final class InMemoryControlStore implements ControlStore {
  private static final Pattern SUFFIX =
      Pattern.compile(
          "(?:WHERE \\(n BETWEEN (\\d+) AND (\\d+) OR n NOT BETWEEN \\d+ AND \\d+\\) ?)?(?:(?:AND|WHERE) (\\w+) IN \\(([^)]*)\\) ?)?"
              + "(?:ORDER BY ([\\w, ]+?))?(?: LIMIT (\\d+))?");

  private final Warehouse warehouse;
  private final Map<String, Integer> freeAttempts = new HashMap<>();
  private Consumer<String> before = key -> {};
  private Consumer<String> after = key -> {};

  public InMemoryControlStore() {
    this(new Warehouse());
  }

  private InMemoryControlStore(Warehouse warehouse) {
    this.warehouse = warehouse;
  }

  /** What outlives every process: rows, and which ids are used, for ever. */
  private static final class Warehouse {
    private final Map<ControlTable, List<Map<String, Object>>> tables =
        new EnumMap<>(ControlTable.class);
    private final Map<String, Optional<String>> fingerprints = new HashMap<>();
  }

  /** Another process at the same tables. */
  public InMemoryControlStore another() {
    return new InMemoryControlStore(warehouse);
  }

  /** Called with the key of each append before it has an effect; may throw. */
  public void beforeAppends(Consumer<String> observer) {
    before = observer;
  }

  /** Called with the key of each append once it has its effect; may throw. */
  public void afterAppends(Consumer<String> observer) {
    after = observer;
  }

  /** Somebody writes into the dataset without a job of the export. */
  void write(ControlTable table, Map<String, Object> row) {
    rows(table).add(row);
  }

  /** The dataset is restored to a state with so many rows; the service remembers all jobs. */
  void restore(ControlTable table, int size) {
    List<Map<String, Object>> rows = rows(table);
    rows.subList(size, rows.size()).clear();
  }

  /** The dataset is copied to where no job of the export has ever run. */
  void forgetJobs() {
    warehouse.fingerprints.clear();
  }

  @Override
  public void append(
      ControlTable table, String key, String fingerprint, List<Map<String, Object>> rows) {
    before.accept(key);
    synchronized (warehouse) {
      String id = id(key, freeAttempts.getOrDefault(key, 0));
      Optional<String> used =
          warehouse.fingerprints.putIfAbsent(id, Optional.of(content(fingerprint, rows)));
      if (used == null) {
        rows.forEach(row -> rows(table).add(new LinkedHashMap<>(row)));
      } else if (!used.equals(Optional.of(content(fingerprint, rows)))) {
        throw new ExportException(
            Failure.LINEAGE_TAKEN_OVER, key + " is used.", "Let the other one finish.");
      }
    }
    after.accept(key);
  }

  @Override
  public Optional<String> settle(String key) {
    synchronized (warehouse) {
      for (int attempt = 0; ; attempt++) {
        Optional<String> used =
            warehouse.fingerprints.putIfAbsent(id(key, attempt), Optional.empty());
        if (used == null) {
          freeAttempts.put(key, attempt + 1);
          return Optional.empty();
        }
        if (used.isPresent()) {
          return used.map(InMemoryControlStore::fingerprint);
        }
      }
    }
  }

  @Override
  public Optional<String> appended(String key) {
    synchronized (warehouse) {
      for (int attempt = 0; warehouse.fingerprints.containsKey(id(key, attempt)); attempt++) {
        Optional<String> used = warehouse.fingerprints.get(id(key, attempt));
        if (used.isPresent()) {
          return used.map(InMemoryControlStore::fingerprint);
        }
      }
      return Optional.empty();
    }
  }

  @Override
  public void ensureExists(ControlTable table) {
    rows(table);
  }

  @Override
  public List<Map<String, Object>> read(ControlTable table, String suffix) {
    Matcher query = SUFFIX.matcher(suffix);
    if (!query.matches()) {
      throw new UnsupportedOperationException(suffix);
    }
    synchronized (warehouse) {
      Stream<Map<String, Object>> rows = rows(table).stream();
      if (query.group(1) != null) {
        long from = Long.parseLong(query.group(1));
        long to = Long.parseLong(query.group(2));
        rows = rows.filter(row -> row.get("n") instanceof Long n && n >= from && n <= to);
      }
      if (query.group(3) != null) {
        Set<String> values = Set.of(query.group(4).replace("'", "").split(", "));
        rows = rows.filter(row -> values.contains(row.get(query.group(3))));
      }
      if (query.group(5) != null) {
        rows = rows.sorted(order(query.group(5)));
      }
      if (query.group(6) != null) {
        rows = rows.limit(Long.parseLong(query.group(6)));
      }
      return rows.toList();
    }
  }

  private List<Map<String, Object>> rows(ControlTable table) {
    synchronized (warehouse) {
      return warehouse.tables.computeIfAbsent(table, any -> new ArrayList<>());
    }
  }

  private static Comparator<Map<String, Object>> order(String columns) {
    return Arrays.stream(columns.split(", "))
        .map(InMemoryControlStore::by)
        .reduce(Comparator::thenComparing)
        .orElseThrow();
  }

  @SuppressWarnings("unchecked") // a column has values of one type
  private static Comparator<Map<String, Object>> by(String column) {
    boolean descending = column.endsWith(" DESC");
    String name = column.replace(" DESC", "");
    Comparator<Map<String, Object>> ascending =
        Comparator.comparing(
            row -> (Comparable<Object>) row.get(name),
            Comparator.nullsFirst(Comparator.naturalOrder()));
    return descending ? ascending.reversed() : ascending;
  }

  private static String id(String key, int attempt) {
    return key + "_a" + attempt;
  }

  private static String content(String fingerprint, List<Map<String, Object>> rows) {
    return fingerprint + " " + rows.size();
  }

  private static String fingerprint(String content) {
    return content.substring(0, content.indexOf(' '));
  }
}
