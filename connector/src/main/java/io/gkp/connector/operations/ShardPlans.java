package io.gkp.connector.operations;

import io.gkp.connector.sharding.Shards;
import io.gkp.name.TableName;
import io.gkp.offsets.Assignment;
import io.gkp.offsets.RequestIds;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Shows which shard exports which table, and divides the tables anew. */
public final class ShardPlans {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final BothSides sides;
  private final Shards shards;
  private final Clock clock;

  public ShardPlans(BothSides sides, Clock clock) {
    this.sides = sides;
    this.shards = sides.division(clock);
    this.clock = clock;
  }

  /**
   * What a division would be, or is.
   *
   * @param count how many shards there are
   */
  public record Plan(int count, List<Table> tables) {}

  /**
   * One captured table.
   *
   * @param shard that exports it
   * @param readAnew whether its shard is another one now, so that it is read anew there
   */
  public record Table(String table, int shard, boolean readAnew) {}

  /** The division in force. */
  public Plan inForce() {
    return plan(shards.assignment());
  }

  /**
   * A division into so many shards; changes nothing.
   *
   * @throws io.gkp.failure.ExportException {@code SHARD_EMPTY} where there are fewer tables
   */
  public Plan plan(int count) {
    return plan(divided(count));
  }

  /** Puts a division in force, which runs of another number of shards are refused by. */
  public Plan adopt(int count, @Nullable String reason) {
    try {
      if (!sides.slot().lockShards(PATIENCE)) {
        throw sides.slot().shardsBusy();
      }
    } catch (SQLException e) {
      throw sides.failure(e);
    }
    Assignment divided = divided(count);
    Plan plan = plan(divided);
    shards.adopt(divided, RequestIds.create("shards", clock), reason);
    return plan;
  }

  private Assignment divided(int count) {
    try {
      return shards.plan(sides.connection(), count);
    } catch (SQLException e) {
      throw sides.failure(e);
    }
  }

  private Plan plan(Assignment assignment) {
    Assignment now = shards.assignment();
    return new Plan(
        assignment.count(),
        sides.config().source().tables().stream()
            .map(TableName::display)
            .map(
                table ->
                    new Table(
                        table,
                        assignment.of(table).number(),
                        !assignment.of(table).equals(now.of(table))))
            .toList());
  }
}
