package io.gkp.connector.sharding;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.SourceConfig;
import io.gkp.name.TableName;
import io.gkp.offsets.Assignment;
import io.gkp.offsets.Shard;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is to be said of a division into shards. */
public final class ShardFindings {
  private static final String CHECK = "shards";

  /** Every slot decodes all WAL: less than this share of what the shards cost is too little. */
  private static final double WORTH = 0.6;

  private final Connection connection;
  private final ExportConfig config;
  private final Assignment assignment;

  /**
   * @param config of the whole deployment
   */
  public ShardFindings(Connection connection, ExportConfig config, Assignment assignment) {
    this.connection = connection;
    this.config = config;
    this.assignment = assignment;
  }

  /**
   * Slots of shards that there are no more: each makes the server keep WAL until its disk is full.
   *
   * @see <a
   *     href="https://www.postgresql.org/docs/current/warm-standby.html#STREAMING-REPLICATION-SLOTS">
   *     replication slots</a>
   */
  public List<Finding> orphans() throws SQLException {
    Set<String> orphans = new TreeSet<>();
    SourceConfig source = config.source();
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT slot_name FROM pg_catalog.pg_replication_slots
            WHERE database = current_database() AND plugin = 'pgoutput' AND slot_name = ANY (?)
            """)) {
      statement.setArray(
          1, connection.createArrayOf("text", slots(assignment.count() + 1, Shard.MOST)));
      try (ResultSet row = statement.executeQuery()) {
        while (row.next()) {
          orphans.add(row.getString(1));
        }
      }
    }
    if (orphans.isEmpty()) {
      return List.of();
    }
    List<String> sql = new ArrayList<>();
    for (String slot : orphans) {
      String suffix = slot.substring(source.slot().length());
      sql.add("SELECT pg_drop_replication_slot('" + slot + "');");
      sql.add("DROP PUBLICATION IF EXISTS " + TableName.quote(source.publication() + suffix) + ";");
    }
    return List.of(
        Finding.warning(
                CHECK,
                "Slot %s is of a shard that there is no more; Postgres keeps all WAL for it."
                    .formatted(String.join(", ", orphans)),
                "The tables have gone to other shards, which read them anew. Nothing needs the slot"
                    + " any more.")
            .withSql(sql.toArray(String[]::new)));
  }

  /** Whether the shards are worth what they cost, and whether the server has room for them. */
  public List<Finding> ofDivision() throws SQLException {
    if (!assignment.isSharded()) {
      return List.of();
    }
    Room room = room();
    List<Finding> findings = new ArrayList<>();
    if (!room.suffices()) {
      findings.add(room.finding());
    }
    Map<String, Long> weights = TableWeights.read(connection, config.source().tables());
    Map<Integer, Long> load =
        weights.entrySet().stream()
            .collect(
                Collectors.groupingBy(
                    table -> assignment.of(table.getKey()).number(),
                    Collectors.summingLong(table -> table.getValue() + 1)));
    long total = load.values().stream().mapToLong(Long::longValue).sum();
    long heaviest = load.values().stream().mapToLong(Long::longValue).max().orElse(total);
    double faster = (double) total / heaviest;
    if (faster < assignment.count() * WORTH) {
      findings.add(
          Finding.warning(
                  CHECK,
                  "%d shards make a run %.1f times as fast: one of them has %d %% of the work."
                      .formatted(assignment.count(), faster, 100 * heaviest / total),
                  "Each shard's slot decodes all WAL, so the source pays %d times. Divide the tables"
                          .formatted(assignment.count())
                      + " otherwise (shards in the configuration), or into fewer shards.")
              .withCommand("./gkp_cli offsets shards --count " + fewer(faster) + " --dry-run"));
    }
    if (findings.isEmpty()) {
      findings.add(
          Finding.ok(
              CHECK,
              "%d shards make a run %.1f times as fast; each decodes all WAL. The server has %d slots and %d WAL senders left."
                  .formatted(assignment.count(), faster, room.slots.left, room.senders.left)));
    }
    return findings;
  }

  private int fewer(double faster) {
    return Math.max(1, Math.min(assignment.count() - 1, (int) Math.ceil(faster)));
  }

  /**
   * What the server has of something that each shard needs one of.
   *
   * @param most that there can be
   * @param left of them
   * @param needed by shards that have none now
   */
  private record Supply(String setting, int most, int left, int needed) {
    boolean suffices() {
      return left >= needed;
    }

    String raise() {
      return "ALTER SYSTEM SET %s = %d;".formatted(setting, most + needed);
    }
  }

  /** Each shard has a slot for ever, and a WAL sender while it runs. */
  private record Room(Supply slots, Supply senders) {
    boolean suffices() {
      return slots.suffices() && senders.suffices();
    }

    Finding finding() {
      return Finding.warning(
              CHECK,
              "The server has %d slots and %d WAL senders left; the shards need %d and %d more."
                  .formatted(slots.left, senders.left, slots.needed, senders.needed),
              "A shard without a slot or a sender cannot run. Raise both and restart the server, or"
                  + " have fewer shards.")
          .withSql(
              Stream.of(slots, senders)
                  .filter(supply -> !supply.suffices())
                  .map(Supply::raise)
                  .toArray(String[]::new));
    }
  }

  private Room room() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            """
            SELECT current_setting('max_replication_slots')::int AS most_slots,
                   current_setting('max_wal_senders')::int AS most_senders,
                   count(*)::int AS slots,
                   (SELECT count(*) FROM pg_catalog.pg_stat_replication)::int AS senders,
                   count(*) FILTER (WHERE slot_name = ANY (?))::int AS ours,
                   count(active_pid) FILTER (WHERE slot_name = ANY (?))::int AS running
            FROM pg_catalog.pg_replication_slots
            """)) {
      Array ours = connection.createArrayOf("text", slots(1, assignment.count()));
      statement.setArray(1, ours);
      statement.setArray(2, ours);
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        int slots = row.getInt("most_slots");
        int senders = row.getInt("most_senders");
        return new Room(
            new Supply(
                "max_replication_slots",
                slots,
                slots - row.getInt("slots"),
                assignment.count() - row.getInt("ours")),
            new Supply(
                "max_wal_senders",
                senders,
                senders - row.getInt("senders"),
                assignment.count() - row.getInt("running")));
      }
    }
  }

  /** Names of slots, by their shards' numbers. */
  private String[] slots(int first, int last) {
    return IntStream.rangeClosed(first, last)
        .mapToObj(number -> new Shard(number).name(config.source().slot()))
        .toArray(String[]::new);
  }
}
