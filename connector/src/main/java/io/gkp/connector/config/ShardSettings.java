package io.gkp.connector.config;

import io.gkp.name.TableName;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which shard a process is, out of the settings. Engines that run several tasks of one job number
 * them from 0 in the environment; what is said in words wins over them.
 *
 * @see <a href="https://cloud.google.com/run/docs/container-contract#jobs-env-vars">Cloud Run</a>
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/job/">Indexed Jobs</a>
 */
final class ShardSettings {
  private static final String CLOUD_RUN_INDEX = "CLOUD_RUN_TASK_INDEX";
  private static final String CLOUD_RUN_COUNT = "CLOUD_RUN_TASK_COUNT";
  private static final String INDEXED_JOB = "JOB_COMPLETION_INDEX";

  private final Settings settings;
  private final Map<String, String> environment;

  ShardSettings(Settings settings, Map<String, String> environment) {
    this.settings = settings;
    this.environment = environment;
  }

  /** Null where there is a problem. */
  @Nullable Sharding read() {
    Sharding process =
        settings.text(Setting.SHARD) == null
            ? settings.attempt("", this::ofEnvironment)
            : settings.get(Setting.SHARD, Sharding::parse, Sharding.NONE);
    List<List<TableName>> groups =
        settings.get(Setting.SHARDS, Sharding::parseGroups, Sharding.NONE.groups());
    return process == null || groups == null
        ? null
        : settings.attempt(Setting.SHARDS.key() + ": ", () -> process.with(groups));
  }

  private Sharding ofEnvironment() {
    String configured = settings.text(Setting.SHARD_COUNT);
    String index = environment.get(CLOUD_RUN_INDEX);
    String count = configured == null ? environment.get(CLOUD_RUN_COUNT) : configured;
    if (index == null || configured != null && environment.containsKey(INDEXED_JOB)) {
      index = configured == null ? null : environment.get(INDEXED_JOB);
    }
    if (index == null || count == null) {
      return Sharding.NONE;
    }
    try {
      return Sharding.of(Integer.parseInt(index.strip()) + 1, Integer.parseInt(count.strip()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the task's index %s and count %s name no shard (%s, %s, %s, %s)"
              .formatted(
                  index,
                  count,
                  CLOUD_RUN_INDEX,
                  CLOUD_RUN_COUNT,
                  INDEXED_JOB,
                  Setting.SHARD_COUNT.variable()));
    }
  }
}
