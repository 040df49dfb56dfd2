package io.gkp.connector.sharding;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.SourceConfig;
import io.gkp.name.TableName;
import io.gkp.offsets.Assignment;
import io.gkp.offsets.Shard;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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
          1,
          connection.createArrayOf(
              "text",
              IntStream.rangeClosed(assignment.count() + 1, Shard.MOST)
                  .mapToObj(number -> new Shard(number).name(source.slot()))
                  .toArray()));
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
    List<Finding> findings = new ArrayList<>(room());
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
              "%d shards make a run %.1f times as fast; each decodes all WAL."
                  .formatted(assignment.count(), faster)));
    }
    return findings;
  }

  private int fewer(double faster) {
    return Math.max(1, Math.min(assignment.count() - 1, (int) Math.ceil(faster)));
  }

  private List<Finding> room() throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                """
                SELECT current_setting('max_replication_slots')::int
                         - (SELECT count(*) FROM pg_catalog.pg_replication_slots) AS slots,
                       current_setting('max_wal_senders')::int
                         - (SELECT count(*) FROM pg_catalog.pg_stat_replication) AS senders
                """)) {
      row.next();
      int slots = row.getInt("slots");
      int senders = row.getInt("senders");
      long missing = assignment.count() - existing();
      if (slots >= missing && senders >= 1) {
        return List.of();
      }
      return List.of(
          Finding.warning(
                  CHECK,
                  "The server has %d slots and %d WAL senders left; %d shards have no slot yet."
                      .formatted(slots, senders, missing),
                  "A shard without a slot cannot run. Raise both and restart the server, or have"
                      + " fewer shards.")
              .withSql(
                  "ALTER SYSTEM SET max_replication_slots = %d;"
                      .formatted(slots(slots, missing) + 10),
                  "ALTER SYSTEM SET max_wal_senders = %d; -- Restart the server then."
                      .formatted(slots(slots, missing) + 10)));
    }
  }

  private long slots(int left, long missing) {
    return Math.max(0, missing - left) + assignment.count();
  }

  private long existing() throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(
            "SELECT count(*) FROM pg_catalog.pg_replication_slots WHERE slot_name = ANY (?)")) {
      statement.setArray(
          1,
          connection.createArrayOf(
              "text",
              IntStream.rangeClosed(1, assignment.count())
                  .mapToObj(number -> new Shard(number).name(config.source().slot()))
                  .toArray()));
      try (ResultSet row = statement.executeQuery()) {
        row.next();
        return row.getLong(1);
      }
    }
  }
}
