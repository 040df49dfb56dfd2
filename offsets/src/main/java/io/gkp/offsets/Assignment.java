package io.gkp.offsets;

import static java.util.Objects.requireNonNull;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Which shard exports which table.
 *
 * @param count how many shards there are
 * @param shards numbers of shards, by table
 */
public record Assignment(int count, Map<String, Integer> shards) {
  /** Of a deployment that is not divided: all tables are the first shard's. */
  public static final Assignment NONE = new Assignment(1, Map.of());

  public Assignment {
    shards = Map.copyOf(shards);
  }

  /** Whether the deployment is divided. */
  public boolean isSharded() {
    return count > 1;
  }

  /** The shard of a table; the first for one that is not assigned. */
  public Shard of(String table) {
    return new Shard(shards.getOrDefault(table, 1));
  }

  /** Which of these tables are a shard's, in their order. */
  public List<String> tables(Shard shard, List<String> tables) {
    return tables.stream().filter(table -> of(table).equals(shard)).toList();
  }

  /**
   * The same tables in so many shards. A table that changes its shard is read anew, so as many as
   * possible stay where they are: those that have no shard go to the one with the least to do, the
   * heavy ones first; then each shard without a table gets one of the heaviest shard.
   *
   * @param weights of all tables that there are now
   * @param fixed shards that somebody has chosen, by table
   * @throws IllegalArgumentException when there are more shards than tables
   */
  public Assignment divided(int newCount, Map<String, Long> weights, Map<String, Integer> fixed) {
    if (newCount > weights.size()) {
      throw new IllegalArgumentException("more shards than tables");
    }
    Map<String, Integer> placed = new LinkedHashMap<>();
    Map<Integer, Long> load =
        IntStream.rangeClosed(1, newCount)
            .boxed()
            .collect(Collectors.toMap(shard -> shard, shard -> 0L));
    List<String> open = new ArrayList<>();
    for (String table : weights.keySet()) {
      Integer known = fixed.getOrDefault(table, isSharded() ? shards.get(table) : null);
      if (known == null || known > newCount) {
        open.add(table);
      } else {
        placed.put(table, known);
        load.merge(known, requireNonNull(weights.get(table)), Long::sum);
      }
    }
    open.sort(heaviestFirst(weights));
    for (String table : open) {
      int lightest =
          load.keySet().stream()
              .min(
                  Comparator.comparing((Integer shard) -> placed.containsValue(shard))
                      .thenComparing(load::get)
                      .thenComparing(shard -> shard))
              .orElseThrow();
      placed.put(table, lightest);
      load.merge(lightest, requireNonNull(weights.get(table)), Long::sum);
    }
    for (int shard = 1; shard <= newCount; shard++) {
      if (!placed.containsValue(shard)) {
        placed.put(movable(placed, load, weights, fixed), shard);
      }
    }
    return new Assignment(newCount, placed);
  }

  /** The heaviest table but one of the heaviest shard that has two and may give one away. */
  private static String movable(
      Map<String, Integer> placed,
      Map<Integer, Long> load,
      Map<String, Long> weights,
      Map<String, Integer> fixed) {
    String moved =
        load.keySet().stream()
            .sorted(heaviestFirst(load))
            .map(
                shard ->
                    placed.keySet().stream()
                        .filter(table -> shard.equals(placed.get(table)))
                        .sorted(heaviestFirst(weights))
                        .skip(1)
                        .filter(table -> !fixed.containsKey(table))
                        .findFirst())
            .flatMap(Optional::stream)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("a shard has no table"));
    load.merge(requireNonNull(placed.get(moved)), -requireNonNull(weights.get(moved)), Long::sum);
    return moved;
  }

  private static <K extends Comparable<K>> Comparator<K> heaviestFirst(Map<K, Long> weights) {
    return Comparator.comparing((K key) -> weights.getOrDefault(key, 0L))
        .reversed()
        .thenComparing(Comparator.naturalOrder());
  }
}
