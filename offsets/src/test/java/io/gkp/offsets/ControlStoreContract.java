package io.gkp.offsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What {@link ControlStore} promises, whoever keeps it. */
public abstract class ControlStoreContract {
  private static final ControlTable TABLE = ControlTable.CHECKPOINTS;

  /** A key is used once, for ever. */
  private final String lineage = UUID.randomUUID().toString().substring(0, 8);

  /** One process at the same tables as every other one of this test; empty at its beginning. */
  protected abstract ControlStore process();

  @Test
  void aTableThatIsNotThereHasNoRows() {
    assertThat(process().read(TABLE, "ORDER BY n")).isEmpty();
  }

  @Test
  void whatWasAppendedIsReadAsItWasWritten() {
    process().append(TABLE, key(1), "lsn-16", List.of(row(1, "created")));
    assertThat(process().read(TABLE, "ORDER BY n"))
        .singleElement()
        .satisfies(
            row ->
                assertThat(row)
                    .containsEntry("n", 1L)
                    .containsEntry("kind", "created")
                    .containsEntry("committed_at", "2026-02-03T04:05:06.123456Z")
                    .containsEntry("timeline", null));
  }

  @Test
  void appendingAgainHasNoFurtherEffect() {
    process().append(TABLE, key(1), "lsn-16", List.of(row(1, "stream")));
    process().append(TABLE, key(1), "lsn-16", List.of(row(1, "stream")));
    assertThat(process().read(TABLE, "")).hasSize(1);
  }

  @Test
  void aKeyIsNotUsedForAnythingElse() {
    process().append(TABLE, key(1), "lsn-16", List.of(row(1, "stream")));
    assertTakenOver(() -> process().append(TABLE, key(1), "lsn-17", List.of(row(1, "stream"))));
    assertThat(process().read(TABLE, "")).hasSize(1);
  }

  @Test
  void whatWasSettledAsMissingNeverComesExceptFromTheOneThatSettledIt() {
    ControlStore late = process();
    ControlStore next = process();
    assertThat(next.settle(key(1))).isEmpty();
    assertTakenOver(() -> late.append(TABLE, key(1), "lsn-16", List.of(row(1, "stream"))));
    assertThat(process().read(TABLE, "")).isEmpty();
    next.append(TABLE, key(1), "lsn-17", List.of(row(1, "stream")));
    assertThat(process().appended(key(1))).contains("lsn-17");
  }

  @Test
  void settlingTellsWhatWasAppended() {
    process().append(TABLE, key(1), "lsn-16", List.of(row(1, "stream")));
    assertThat(process().settle(key(1))).contains("lsn-16");
    assertThat(process().settle(key(2))).isEmpty();
    assertThat(process().settle(key(2))).isEmpty();
  }

  @Test
  void askingDecidesNothing() {
    ControlStore store = process();
    assertThat(store.appended(key(1))).isEmpty();
    process().append(TABLE, key(1), "lsn-16", List.of(row(1, "stream")));
    assertThat(store.appended(key(1))).contains("lsn-16");
  }

  @Test
  void rowsAreChosenOrderedAndLimited() {
    ControlStore store = process();
    store.append(TABLE, key(1), "a", List.of(row(1, "created")));
    store.append(TABLE, key(2), "b", List.of(row(2, "reset"), row(3, "stream")));
    assertThat(store.read(TABLE, "ORDER BY n DESC LIMIT 2"))
        .extracting(row -> row.get("n"))
        .containsExactly(3L, 2L);
    assertThat(store.read(TABLE, "WHERE kind IN ('created', 'reset') ORDER BY n"))
        .extracting(row -> row.get("n"))
        .containsExactly(1L, 2L);
  }

  private static void assertTakenOver(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> assertThat(e.failure()).isEqualTo(Failure.LINEAGE_TAKEN_OVER));
  }

  private String key(int n) {
    return "gkp_" + lineage + "_" + n + "_checkpoint";
  }

  private static Map<String, Object> row(long n, String kind) {
    Map<String, Object> row = new LinkedHashMap<>();
    row.put("n", n);
    row.put("lineage", "contract");
    row.put("lsn", 16L);
    row.put("kind", kind);
    row.put("run_id", "run");
    row.put("committed_at", "2026-02-03T04:05:06.123456Z");
    row.put("rows", 0L);
    row.put("timeline", null);
    return row;
  }
}
