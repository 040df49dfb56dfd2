package io.gkp.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.offsets.Epoch.State;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The generations of tables: which one counts, and who may begin the next. */
class EpochsTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  private final InMemoryControlStore store = new InMemoryControlStore();
  private final Epochs epochs = epochs("run-1");

  @Test
  void aTableThatNobodyHasReadHasNone() {
    assertThat(epochs.newest()).isEmpty();
  }

  @Test
  void theLatestStateCountsWhateverTheOrderOfTheRows() {
    epochs.record(epoch("t", 1, State.COMPLETED), 4, NOW);
    epochs.record(epoch("t", 1, State.CONVERGING), 3, NOW.plusSeconds(1));
    assertThat(epochs.newest().get("t").state()).isEqualTo(State.COMPLETED);
  }

  @Test
  void aLaterNumberCountsWhateverItsState() {
    epochs.record(epoch("t", 1, State.COMPLETED), 4, NOW);
    epochs.record(epoch("t", 2, State.SNAPSHOTTING), 5, NOW);
    epochs.record(epoch("u", 1, State.CONVERGING), 5, NOW);
    assertThat(epochs.newest().get("t").number()).isEqualTo(2);
    assertThat(epochs.newest().get("u").number()).isEqualTo(1);
    assertThat(epochs.newestStreaming(0).get("t").number()).isEqualTo(1);
    assertThat(epochs.newestStreaming(5)).containsOnlyKeys("u");
  }

  @Test
  void onlyOneRunBeginsASnapshot() {
    epochs.record(epoch("t", 1, State.SNAPSHOTTING), 1, NOW);
    epochs.record(epoch("t", 1, State.SNAPSHOTTING), 1, NOW);
    assertThatThrownBy(() -> epochs("run-2").record(epoch("t", 1, State.SNAPSHOTTING), 1, NOW))
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> assertThat(e.failure()).isEqualTo(Failure.LINEAGE_TAKEN_OVER));
    assertThat(epochs.log()).hasSize(1);
  }

  @Test
  void anyRunMayCompleteWhatConverges() {
    epochs.record(epoch("t", 1, State.COMPLETED), 1, NOW);
    epochs("run-2").record(epoch("t", 1, State.COMPLETED), 1, NOW);
    assertThat(epochs.log()).hasSize(1);
  }

  @Test
  void severalAreCompletedAtOnceAndOtherSetsOfThemToo() {
    List<Epoch> two = List.of(epoch("t", 1, State.CONVERGING), epoch("u", 1, State.CONVERGING));
    epochs.complete(two, 1, NOW);
    epochs("run-2").complete(List.of(two.get(1), two.get(0)), 2, NOW);
    assertThat(epochs.log()).hasSize(2);
    epochs.complete(List.of(two.get(0), epoch("v", 1, State.CONVERGING)), 3, NOW);
    assertThat(epochs.newest().values())
        .extracting(Epoch::state)
        .containsExactly(State.COMPLETED, State.COMPLETED, State.COMPLETED);
  }

  @Test
  void whatIsOnlyAskedForIsNotBegun() {
    epochs.record(epoch("t", 1, State.COMPLETED), 4, NOW);
    epochs.request("reset-1", "t", 2, 4, NOW, "anna", "why not");
    epochs.request("reset-2", "t", 2, 4, NOW, "bert", null);
    assertThat(epochs.newest().get("t").state()).isEqualTo(State.REQUESTED);
    assertThat(epochs.newestBegun().get("t").number()).isEqualTo(1);
    assertThat(epochs.log()).extracting(EpochChange::by).contains("anna", "bert");
  }

  @Test
  void aNoteSaysWhatTheTableConsistsOfAndLeavesItsState() {
    epochs.record(epoch("t", 1, State.COMPLETED), 4, NOW);
    epochs.note(List.of(epoch("t", 1, State.COMPLETED).consistingOf("later")), 5, NOW);
    Epoch noted = epochs.newest().get("t");
    assertThat(noted.composition()).isEqualTo("later");
    assertThat(noted.state()).isEqualTo(State.COMPLETED);
    assertThat(epochs.log()).hasSize(1);

    epochs.record(epoch("t", 2, State.COMPLETED), 6, NOW);
    assertThat(epochs.newest().get("t").composition()).as("of the new epoch").isEqualTo("before");
  }

  private Epochs epochs(String run) {
    return new Epochs(store.another(), "lineage", run);
  }

  private static Epoch epoch(String table, long number, State state) {
    return new Epoch(table, number, state, 7, "before", "id");
  }
}
