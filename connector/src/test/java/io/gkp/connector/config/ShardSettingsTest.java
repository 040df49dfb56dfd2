package io.gkp.connector.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.failure.ExportException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShardSettingsTest {
  @Test
  void nothingSaidIsNoShard() {
    assertThat(read(Map.of())).isEqualTo(Sharding.NONE);
    assertThat(read(Map.of("JOB_COMPLETION_INDEX", "1"))).isEqualTo(Sharding.NONE);
    assertThat(read(Map.of("CLOUD_RUN_TASK_INDEX", "0", "CLOUD_RUN_TASK_COUNT", "1")))
        .matches(sharding -> !sharding.isOneOfSeveral());
  }

  @Test
  void aTaskIsNumberedFromZeroAndAShardFromOne() {
    Map<String, String> cloudRun = Map.of("CLOUD_RUN_TASK_INDEX", "1", "CLOUD_RUN_TASK_COUNT", "3");
    assertThat(read(cloudRun)).isEqualTo(Sharding.of(2, 3));
    assertThat(read(Map.of("JOB_COMPLETION_INDEX", "2", "GKP_SHARD_COUNT", "3")))
        .isEqualTo(Sharding.of(3, 3));
    Map<String, String> both = new HashMap<>(cloudRun);
    both.put("GKP_SHARD", "1/2");
    assertThat(read(both)).isEqualTo(Sharding.of(1, 2));
  }

  @Test
  void aListNamesTheTablesOfEachShard() {
    Sharding sharding = read(Map.of("GKP_SHARD", "1/2", "GKP_SHARDS", "a | b, s.c"));
    assertThat(sharding.groups().toString()).isEqualTo("[[a], [b, s.c]]");
  }

  @Test
  void whatCannotBeIsRefused() {
    assertRefused("--shard", "GKP_SHARD", "3/2");
    assertRefused("2/3", "GKP_SHARD", "two");
    assertRefused("in two shards", "GKP_SHARDS", "a | a");
    assertRefused("no table", "GKP_SHARDS", "a |");
    assertRefused("one of 3", "GKP_SHARDS", "a | b", "GKP_SHARD", "1/3");
    assertRefused("name no shard", "CLOUD_RUN_TASK_INDEX", "5", "CLOUD_RUN_TASK_COUNT", "3");
  }

  private static void assertRefused(String what, String... variables) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1]);
    }
    assertThatThrownBy(() -> read(environment))
        .isInstanceOf(ExportException.class)
        .hasMessageContaining(what);
  }

  private static Sharding read(Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(more);
    environment.put("GKP_PROJECT", "my-project");
    environment.put("GKP_DATASET", "gkp");
    environment.put("DATABASE_URL", "postgresql://user@localhost/gkp");
    return new Settings(Map.of(), environment, null).exportConfig().sharding();
  }
}
