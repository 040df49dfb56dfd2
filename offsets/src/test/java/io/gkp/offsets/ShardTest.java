package io.gkp.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.name.Lsn;
import io.gkp.offsets.Epoch.State;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShardTest {
  private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");

  private final InMemoryControlStore store = new InMemoryControlStore();

  @Test
  void theFirstShardNumbersAsADeploymentWithoutShards() {
    assertThat(Shard.FIRST.epochAfter(0)).isEqualTo(1);
    assertThat(Shard.FIRST.epochAfter(7)).isEqualTo(8);
    assertThat(Shard.FIRST.epochAfter(1_000_002)).isEqualTo(2_000_001);
    assertThat(Shard.FIRST.firstBatch()).isZero();
    assertThat(Shard.FIRST.name("slot")).isEqualTo("slot");
  }

  @Test
  void noTwoShardsHaveTheSameNumberWhateverTheyBegin() {
    for (long before : new long[] {0, 1, 5, 999_999, 1_000_002, 1_000_064, 2_000_001}) {
      for (int number = 1; number <= Shard.MOST; number++) {
        Shard shard = new Shard(number);
        long next = shard.epochAfter(before);
        assertThat(next).isGreaterThan(before);
        assertThat(Shard.ofEpoch(next)).isEqualTo(shard);
      }
    }
  }

  @Test
  void eachShardHasAPositionOfItsOwn() {
    Checkpoint first = new Ledger(store).create("run-1", NOW);
    Ledger second = new Ledger(store, new Shard(2));
    assertThat(second.last()).isEmpty();
    Checkpoint begun = second.create("run-2", NOW);
    second.append(begun.next(Checkpoint.Kind.CREATED, new Lsn(9), "run-2", NOW, 0));
    assertThat(begun.n()).isEqualTo(2_000_000_000_000L);
    assertThat(new Ledger(store).last()).contains(first);
    assertThat(second.last().orElseThrow().lsn()).isEqualTo(new Lsn(9));
  }

  @Test
  void anEpochOfAnotherShardIsNotStreamedInto() {
    Epochs first = new Epochs(store, "one", "run-1");
    Epochs second = new Epochs(store, new Shard(2), "two", "run-2");
    first.record(new Epoch("t", 1, State.COMPLETED, 3, null, null), 4, NOW);
    assertThat(second.newest()).isEmpty();
    assertThat(second.newestStreaming(0)).isEmpty();
    Epoch moved = second.newestOfAny().get("t");
    second.request("run-2", "t", second.numberAfter(moved), 4, NOW, "me", null);
    assertThat(second.newest().get("t").number()).isEqualTo(1_000_002);
    assertThat(first.newestStreaming(0).get("t").number()).isEqualTo(1);
    second.record(new Epoch("t", 1_000_002, State.COMPLETED, 3, null, null), 4, NOW);
    assertThat(first.newestStreaming(0)).as("what it has streamed is behind").isEmpty();
    assertThat(first.lastStreamed("t").orElseThrow().number()).isEqualTo(1);
  }

  @Test
  void whatTheFormerShardAsksForDoesNotTakeATableBack() {
    Epochs former = new Epochs(store, new Shard(2), "two", "run-2");
    Epochs next = new Epochs(store, "one", "run-1");
    Epoch streamed = new Epoch("t", 1_000_002, State.COMPLETED, 3, null, null);
    former.record(streamed, 4, NOW);
    next.request("run-1", "t", next.numberAfter(streamed), 4, NOW, "me", null);
    former.request("run-2", "t", former.numberAfter(streamed), 4, NOW, "me", null);
    assertThat(next.newest().get("t").number()).isEqualTo(2_000_001);
  }

  @Test
  void theHeavyTablesComeFirstAndStayWhereTheyAre() {
    Map<String, Long> weights = Map.of("big", 100L, "middle", 60L, "small", 30L, "tiny", 1L);
    Assignment two = Assignment.NONE.divided(2, weights, Map.of());
    assertThat(two.shards()).isEqualTo(Map.of("big", 1, "middle", 2, "small", 2, "tiny", 2));
    Assignment three = two.divided(3, weights, Map.of());
    assertThat(three.shards()).isEqualTo(Map.of("big", 1, "middle", 2, "small", 3, "tiny", 2));
    assertThat(three.divided(1, weights, Map.of()).shards().values()).containsOnly(1);
    assertThat(two.divided(2, weights, Map.of("big", 2, "tiny", 1)).shards())
        .isEqualTo(Map.of("big", 2, "middle", 2, "small", 2, "tiny", 1));
    assertThatThrownBy(() -> two.divided(5, weights, Map.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void theNewestAssignmentCounts() {
    Assignments assignments = new Assignments(store);
    assertThat(assignments.newest()).isEmpty();
    assignments.record(new Assignment(2, Map.of("a", 1, "b", 2)), "run-1", null, NOW);
    Assignment moved = new Assignment(2, Map.of("a", 2, "b", 1));
    assignments.record(moved, "run-2", "why", NOW);
    assertThat(assignments.newest()).contains(moved);
  }
}
