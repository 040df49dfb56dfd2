package io.gkp.connector.config;

import io.gkp.name.QuotedText;
import io.gkp.name.TableName;
import io.gkp.offsets.Shard;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Into how many shards the tables are divided, and which of them a process is.
 *
 * @param number the process's shard, from 1; 0 where nothing is said
 * @param count how many there are; 0 where nothing is said
 * @param groups the tables of each shard; empty where the export divides them by what they weigh
 */
public record Sharding(int number, int count, List<List<TableName>> groups) {
  /** Of a process that knows of no shards. */
  public static final Sharding NONE = new Sharding(0, 0, List.of());

  private static final int MOST = Shard.MOST;

  private static final Pattern FORM = Pattern.compile("([0-9]{1,3})/([0-9]{1,3})");

  public Sharding {
    groups = groups.stream().map(List::copyOf).toList();
  }

  /** Whether this process is one of several. */
  public boolean isOneOfSeveral() {
    return count > 1;
  }

  /**
   * Reads {@code 2/3}.
   *
   * @throws IllegalArgumentException saying what is wrong
   */
  static Sharding parse(String text) {
    Matcher form = FORM.matcher(text.strip());
    if (!form.matches()) {
      throw new IllegalArgumentException("expected I/N such as 2/3, got " + text);
    }
    return of(Integer.parseInt(form.group(1)), Integer.parseInt(form.group(2)));
  }

  /**
   * @param number from 1
   */
  static Sharding of(int number, int count) {
    if (count < 1 || count > MOST || number < 1 || number > count) {
      throw new IllegalArgumentException(
          "the first number is 1 to the second, which is at most %d, got %d/%d"
              .formatted(MOST, number, count));
    }
    return new Sharding(number, count, List.of());
  }

  /** Reads {@code query_logs | ingestion_runs, eval_runs}. */
  static List<List<TableName>> parseGroups(String text) {
    List<List<TableName>> groups = new ArrayList<>();
    Set<TableName> seen = new HashSet<>();
    for (String group : text.split("\\|", -1)) {
      List<TableName> tables = QuotedText.list(group).stream().map(TableName::parse).toList();
      if (tables.isEmpty()) {
        throw new IllegalArgumentException("a shard has no table; expected such as a | b, c");
      }
      for (TableName table : tables) {
        if (!seen.add(table)) {
          throw new IllegalArgumentException(table + " is in two shards");
        }
      }
      groups.add(tables);
    }
    return groups;
  }

  Sharding with(List<List<TableName>> otherGroups) {
    if (!otherGroups.isEmpty() && count > 0 && otherGroups.size() != count) {
      throw new IllegalArgumentException(
          "names the tables of %d shards, and the process is one of %d"
              .formatted(otherGroups.size(), count));
    }
    return new Sharding(number, count, otherGroups);
  }
}
