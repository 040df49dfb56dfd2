package io.gkp.connector.sharding;

import io.gkp.connector.config.ExportConfig;
import io.gkp.connector.config.Sharding;
import io.gkp.connector.source.SourceDatabase;
import io.gkp.connector.source.SourceErrors;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.TableName;
import io.gkp.offsets.Assignment;
import io.gkp.offsets.Assignments;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.ReplicationSlot;
import io.gkp.offsets.Shard;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The shards of a deployment. Which of them exports a table is decided once and stays: a table that
 * changes its shard is read anew.
 *
 * <ol>
 *   <li>A process that is one of several divides the tables where that was never done.
 *   <li>A list of tables by shard in the configuration is in force from the next run on.
 *   <li>A table that is captured since goes to the shard with the least to do.
 *   <li>Another number of shards than the dataset's is refused, unless such a list names them all
 *       or an operator has said so ({@code offsets shards}): a run that somebody starts by hand
 *       must not have every table read anew.
 * </ol>
 */
public final class Shards {
  /** All tasks of a job come at once, and one of them decides; BigQuery may take its time. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Duration LOOK_AGAIN = Duration.ofSeconds(2);

  private final ControlStore store;
  private final ExportConfig config;
  private final Clock clock;

  /** As read last; null until then. */
  private @Nullable Optional<Assignment> known;

  /**
   * @param config of the whole deployment
   */
  public Shards(ControlStore store, ExportConfig config, Clock clock) {
    this.store = store;
    this.config = config;
    this.clock = clock;
  }

  /** Who exports what, as the dataset says. */
  public Assignment assignment() {
    return known().orElse(Assignment.NONE);
  }

  private Optional<Assignment> known() {
    if (known == null) {
      known = new Assignments(store).newest();
    }
    return known;
  }

  /** Whether somebody has said how many shards there are. */
  public boolean isDecided() {
    return known().isPresent();
  }

  /**
   * The configuration of a run of this process; decides what is undecided.
   *
   * @throws ExportException {@code SHARDS_DIFFER}, {@code SHARD_EMPTY}
   */
  public ExportConfig ofRun(SourceDatabase database, String runId) {
    Assignment assigned = assignment();
    Sharding process = config.sharding();
    if (!process.isOneOfSeveral() && process.groups().size() < 2) {
      if (assigned.isSharded()) {
        throw differ(assigned, "this run is not one of several");
      }
      return config;
    }
    if (process.number() == 0) {
      throw new ExportException(
          Failure.SHARDS_DIFFER,
          "The configuration divides the tables into %s shards, and nothing says which one this run is."
              .formatted(process.groups().size()),
          "Give it --shard 1/%1$s to --shard %1$s/%1$s.".formatted(process.groups().size()));
    }
    Assignment now = fits(assigned) ? assigned : decide(database, runId);
    return of(new Shard(process.number()), now);
  }

  private boolean fits(Assignment assigned) {
    return assigned.count() == config.sharding().count()
        && names().stream().allMatch(assigned.shards()::containsKey)
        && chosen().entrySet().stream()
            .allMatch(table -> table.getValue().equals(assigned.shards().get(table.getKey())));
  }

  private Assignment decide(SourceDatabase database, String runId) {
    try (Connection connection = database.connect()) {
      ReplicationSlot slot = new ReplicationSlot(connection, config.source().slot());
      Optional<Assignment> others = awaitRight(slot);
      if (others.isPresent()) {
        return others.get();
      }
      Assignment here = assignment();
      int count = config.sharding().count();
      if (here.count() != count && config.sharding().groups().isEmpty() && isDecided()) {
        throw differ(here, "this run is one of " + count);
      }
      Assignment decided = divide(connection, here, count, chosen());
      adopt(decided, runId, null);
      return decided;
    } catch (SQLException e) {
      throw SourceErrors.toFailure(config.source(), e);
    }
  }

  /**
   * Waits until this process may decide.
   *
   * @return what another one has decided meanwhile; empty where this one may
   */
  private Optional<Assignment> awaitRight(ReplicationSlot slot) throws SQLException {
    long giveUp = System.nanoTime() + PATIENCE.toNanos();
    boolean isMine = false;
    while (!isMine) {
      isMine = slot.lockShards(LOOK_AGAIN);
      known = null;
      if (fits(assignment())) {
        return known();
      }
      if (!isMine && System.nanoTime() > giveUp) {
        throw slot.shardsBusy();
      }
    }
    return Optional.empty();
  }

  /**
   * What the tables would be divided into; changes nothing.
   *
   * @throws ExportException {@code SHARD_EMPTY} where there are fewer tables than shards
   */
  public Assignment plan(Connection connection, int count) throws SQLException {
    return divide(connection, assignment(), count, Map.of());
  }

  /** Puts a plan in force; runs of another number of shards are refused from now on. */
  public void adopt(Assignment plan, String requestId, @Nullable String reason) {
    new Assignments(store).record(plan, requestId, reason, clock.instant());
    known = Optional.of(plan);
  }

  private Assignment divide(
      Connection connection, Assignment before, int count, Map<String, Integer> chosen)
      throws SQLException {
    if (count > names().size()) {
      throw new ExportException(
          Failure.SHARD_EMPTY,
          "%s shards have %s tables between them: one would have none."
              .formatted(count, names().size()),
          "Run as many tasks as there are tables at most, or add tables.");
    }
    try {
      return before.divided(count, TableWeights.read(connection, config.source().tables()), chosen);
    } catch (IllegalArgumentException e) {
      throw new ExportException(
          Failure.SHARD_EMPTY,
          "A shard has no table of those that are captured.",
          "Correct shards (GKP_SHARDS): each of its parts needs a captured table.");
    }
  }

  /** Shards by table, as the configuration lists them. */
  private Map<String, Integer> chosen() {
    Map<String, Integer> chosen = new LinkedHashMap<>();
    List<List<TableName>> groups = config.sharding().groups();
    for (int i = 0; i < groups.size(); i++) {
      for (TableName table : groups.get(i)) {
        if (names().contains(table.display())) {
          chosen.put(table.display(), i + 1);
        }
      }
    }
    return chosen;
  }

  private List<String> names() {
    return config.source().tables().stream().map(TableName::display).toList();
  }

  /**
   * The configuration of a shard.
   *
   * @throws ExportException {@code SHARD_EMPTY}
   */
  public ExportConfig of(Shard shard, Assignment assignment) {
    if (!assignment.isSharded()) {
      return config;
    }
    List<TableName> tables =
        config.source().tables().stream()
            .filter(table -> assignment.of(table.display()).equals(shard))
            .toList();
    if (tables.isEmpty()) {
      throw new ExportException(
          Failure.SHARD_EMPTY,
          "Shard %s of %s has no table of those that are captured."
              .formatted(shard.number(), assignment.count()),
          "Run fewer tasks: offsets shards --count "
              + Math.max(1, assignment.count() - 1)
              + " --yes, and as many tasks.");
    }
    return config.of(shard, assignment.count(), tables);
  }

  /** The configurations of all shards that have tables; the deployment's own where it has none. */
  public List<ExportConfig> all() {
    Assignment assignment = assignment();
    if (!assignment.isSharded()) {
      return List.of(config);
    }
    List<ExportConfig> all = new ArrayList<>();
    IntStream.rangeClosed(1, assignment.count())
        .mapToObj(Shard::new)
        .filter(shard -> !assignment.tables(shard, names()).isEmpty())
        .forEach(shard -> all.add(of(shard, assignment)));
    return all;
  }

  private ExportException differ(Assignment assigned, String how) {
    return new ExportException(
        Failure.SHARDS_DIFFER,
        assigned.isSharded()
            ? "The dataset is exported by %s shards, and %s.".formatted(assigned.count(), how)
            : "The dataset is exported by one run at a time, and %s.".formatted(how),
        "Give it --shard 1/%1$s%2$s, or run %1$s tasks. To have another number of shards:"
                .formatted(
                    assigned.count(),
                    assigned.isSharded() ? " to %1$s/%1$s".formatted(assigned.count()) : "")
            + " offsets shards --count N --dry-run shows what that reads anew.");
  }
}
