package io.gkp.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import io.gkp.offsets.Checkpoint.Kind;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** The position: who may move it, and where to. */
class LedgerTest {
  private static final Instant NOW = Instant.parse("2026-02-03T04:05:06Z");

  private final InMemoryControlStore store = new InMemoryControlStore();
  private final Ledger ledger = new Ledger(store);
  private final Checkpoint created = ledger.create("run-1", NOW);

  @Test
  void beginsWithoutAPosition() {
    assertThat(ledger.last()).contains(created);
    assertThat(created.n()).isZero();
    assertThat(created.lsn()).isEqualTo(Lsn.NONE);
    assertThat(created.lineage()).matches("[a-z0-9]{10}");
    assertThat(new Ledger(new InMemoryControlStore()).last()).isEmpty();
  }

  @Test
  void aBatchOfTheStreamIsCommittedOnceWhoeverCommitsIt() {
    ledger.append(created.next(Kind.STREAM, new Lsn(100), "run-1", NOW, 3));
    process().append(created.next(Kind.FENCE, new Lsn(100), "run-2", NOW, 3));
    assertThat(ledger.newest()).extracting(Checkpoint::n).containsExactly(1L, 0L);
    assertThat(ledger.last().orElseThrow().runId()).isEqualTo("run-1");
  }

  @Test
  void twoRunsCannotCommitABatchAtDifferentPlaces() {
    ledger.append(created.next(Kind.STREAM, new Lsn(100), "run-1", NOW, 3));
    assertTakenOver(
        () -> process().append(created.next(Kind.STREAM, new Lsn(101), "run-2", NOW, 3)));
    assertThat(ledger.last().orElseThrow().lsn()).isEqualTo(new Lsn(100));
  }

  @Test
  void aNumberThatIsReservedForASnapshotIsItsRunsAlone() {
    ledger.append(created.next(Kind.SNAPSHOT, new Lsn(100), "run-1", NOW, 0));
    ledger.append(created.next(Kind.SNAPSHOT, new Lsn(100), "run-1", NOW, 0));
    assertTakenOver(
        () -> process().append(created.next(Kind.SNAPSHOT, new Lsn(100), "run-2", NOW, 0)));
    assertTakenOver(
        () -> process().append(created.next(Kind.STREAM, new Lsn(100), "run-2", NOW, 0)));
  }

  @Test
  void aCheckpointThatIsStillOnItsWayFromADeadProcessComesTooLate() {
    Ledger next = process();
    assertThat(next.settle(created.lineage(), 1)).isEmpty();
    assertTakenOver(() -> ledger.append(created.next(Kind.STREAM, new Lsn(100), "run-1", NOW, 3)));
    next.append(created.next(Kind.STREAM, new Lsn(90), "run-2", NOW, 2));
    assertThat(ledger.last().orElseThrow().lsn()).isEqualTo(new Lsn(90));
  }

  @Test
  void settlingTellsWhereABatchWasCommitted() {
    ledger.append(created.next(Kind.FENCE, new Lsn(0xFFFF_0000_0001L), "run-1", NOW, 3));
    assertThat(process().settle(created.lineage(), 1)).contains(new Lsn(0xFFFF_0000_0001L));
  }

  @Test
  void aNumberThatAnOperatorHasUsedIsNotTheStreamsAnyMore() {
    process().giveUp(created, "reset", NOW);
    assertTakenOver(() -> ledger.settle(created.lineage(), 1));
  }

  @Test
  void givingThePositionUpStopsAFrozenRunAndBeginsAnotherLineageBehindIt() {
    Checkpoint begun = process().giveUp(created, "reset", NOW);
    assertTakenOver(() -> ledger.append(created.next(Kind.STREAM, new Lsn(100), "run-1", NOW, 3)));
    assertThat(begun.n()).isEqualTo(2);
    assertThat(begun.lsn()).isEqualTo(Lsn.NONE);
    assertThat(begun.kind()).isEqualTo(Kind.RESET);
    assertThat(begun.lineage()).isNotEqualTo(created.lineage());
    assertThat(ledger.last()).contains(begun);
  }

  @Test
  void skippingMovesThePositionInTheSameTwoSteps() {
    Checkpoint begun = process().skipTo(created, new Lsn(200), "skip", NOW);
    assertTakenOver(() -> ledger.append(created.next(Kind.STREAM, new Lsn(100), "run-1", NOW, 3)));
    assertThat(begun.lsn()).isEqualTo(new Lsn(200));
    assertThat(begun.lineage()).isNotEqualTo(created.lineage());
  }

  @Test
  void aLedgerThatWasRestoredLeapsOverItsLostFuture() {
    ledger.append(created.next(Kind.STREAM, new Lsn(100), "run-1", NOW, 3));
    store.restore(ControlTable.CHECKPOINTS, 1);
    Checkpoint begun = process().giveUp(created, "reset", NOW);
    assertThat(begun.n()).isGreaterThan(1_000_000);
  }

  @Test
  void aLineageThatADeadProcessHasClosedIsFinishedOnce() {
    store.afterAppends(
        key -> {
          throw new IllegalStateException("dies");
        });
    assertThatThrownBy(() -> ledger.skipTo(created, new Lsn(200), "skip", NOW)).hasMessage("dies");
    Ledger next = process();
    assertThat(next.last().orElseThrow().lineage()).isEqualTo(created.lineage());

    Checkpoint begun = next.finishLineage(next.newest(), NOW).orElseThrow();
    assertThat(begun.lineage()).isNotEqualTo(created.lineage());
    assertThat(begun.lsn()).isEqualTo(new Lsn(200));
    assertThat(begun.n()).isEqualTo(2);
    assertThat(next.finishLineage(next.newest(), NOW)).contains(begun);
  }

  @Test
  void aPositionThatTheExportHasNotWrittenIsRefused() {
    store.write(ControlTable.CHECKPOINTS, row(1, 900));
    assertThatThrownBy(() -> ledger.requireWritten(ledger.newest()))
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.failure()).isEqualTo(Failure.CONTROL_ROW));
  }

  @Test
  void aPositionThatTheExportHasWrittenIsTaken() {
    ledger.append(created.next(Kind.STREAM, new Lsn(100), "run-1", NOW, 3));
    ledger.requireWritten(ledger.newest());
  }

  @Test
  void ofADatasetThatWasCopiedNothingIsKnown() {
    ledger.append(created.next(Kind.STREAM, new Lsn(100), "run-1", NOW, 3));
    store.forgetJobs();
    ledger.requireWritten(ledger.newest());
  }

  @Test
  void aRowThatCannotBeOursIsRefused() {
    store.write(ControlTable.CHECKPOINTS, row(1, -1));
    assertThatThrownBy(ledger::last)
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.failure()).isEqualTo(Failure.CONTROL_ROW));
  }

  private Map<String, Object> row(long n, long lsn) {
    Map<String, Object> row = new LinkedHashMap<>(store.read(ControlTable.CHECKPOINTS, "").get(0));
    row.put("n", n);
    row.put("lsn", lsn);
    row.put("kind", "stream");
    return row;
  }

  @Test
  void kindsAreReadOldestFirst() {
    ledger.append(created.next(Kind.STREAM, new Lsn(100), "run-1", NOW, 3));
    ledger.giveUp(ledger.last().orElseThrow(), "reset", NOW);
    assertThat(ledger.ofKind(Kind.CREATED, Kind.RESET))
        .extracting(Checkpoint::n)
        .isEqualTo(List.of(0L, 2L, 3L));
  }

  private Ledger process() {
    return new Ledger(store.another());
  }

  private static void assertTakenOver(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> assertThat(e.failure()).isEqualTo(Failure.LINEAGE_TAKEN_OVER));
  }
}
