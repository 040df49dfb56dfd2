package io.gkp.connector.changelog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.bigquery.Content;
import io.gkp.bigquery.NdJson;
import io.gkp.connector.mapping.row.ChangeOp;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.name.Lsn;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** What {@link ChangelogDestination} promises, whoever keeps the tables. */
public abstract class ChangelogDestinationContract {
  protected static final SourceTable NOTES = new SourceTable("public", "notes", List.of());
  private static final Instant INGESTED_AT = Instant.parse("2026-02-03T04:05:06Z");

  /** Text in a column of numbers. */
  protected static final String REJECTED = "{\"_cdc_op\":\"c\",\"_cdc_row\":\"x\"}";

  protected final String lineage = UUID.randomUUID().toString().substring(0, 8);

  /** One process at the same tables as every other one of this test; {@link #NOTES} is there. */
  protected abstract ChangelogDestination process();

  /** Rows in the raw table of {@link #NOTES}. */
  protected abstract long rows();

  @Test
  void anAcceptedPartBecomesDurableOnce() throws Exception {
    Receipt receipt = process().accept(part(0, 3, new Lsn(100), 0)).untilDurable();
    assertThat(receipt.rows()).isEqualTo(3);
    assertThat(receipt.jobId()).isEqualTo("gkp_" + lineage + "_1_raw_notes_p0_a0");
    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void offeringTheSamePartAgainHasNoFurtherEffect() throws Exception {
    process().accept(part(0, 3, new Lsn(100), 0)).untilDurable();
    Receipt again = process().accept(part(0, 3, new Lsn(100), 0)).untilDurable();
    assertThat(again.jobId()).isEqualTo("gkp_" + lineage + "_1_raw_notes_p0_a0");
    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void anotherCutUnderAUsedIdEndsTheRun() throws Exception {
    process().accept(part(0, 3, new Lsn(100), 0)).untilDurable();
    assertTakenOver(() -> process().accept(part(0, 4, new Lsn(120), 0)));
    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void aBatchIsClaimedByOneRunOnly() throws Exception {
    assertThat(process().claim(lineage, 7)).isTrue();
    assertThat(process().claim(lineage, 7)).isFalse();
    assertThat(process().claim(lineage, 8)).isTrue();
  }

  @Test
  void settlingTellsWhatWasAccepted() throws Exception {
    process().accept(part(0, 3, null, 0)).untilDurable();
    process().accept(part(1, 2, new Lsn(100), 0)).untilDurable();
    assertThat(process().settle(id(0)))
        .isEqualTo(
            new Settlement(Optional.of(new RecordedPart(cut(3, null), 3, INGESTED_AT, true)), 1));
    assertThat(process().settle(id(1)))
        .isEqualTo(
            new Settlement(
                Optional.of(new RecordedPart(cut(2, new Lsn(100)), 2, INGESTED_AT, true)), 1));
  }

  @Test
  void settlingWhatWasNeverAcceptedMakesItImpossible() throws Exception {
    assertThat(process().settle(id(0))).isEqualTo(new Settlement(Optional.empty(), 1));
    assertTakenOver(() -> process().accept(part(0, 3, new Lsn(100), 0)));
    assertThat(rows()).isZero();

    process().accept(part(0, 2, new Lsn(90), 1)).untilDurable();
    assertThat(rows()).isEqualTo(2);
    assertThat(process().settle(id(0)))
        .isEqualTo(
            new Settlement(
                Optional.of(new RecordedPart(cut(2, new Lsn(90)), 2, INGESTED_AT, true)), 2));
  }

  @Test
  void aPartThatFailedForGoodCanBeMadeAgainByTheNextRun() throws Exception {
    Part bad = withContent(part(0, 1, new Lsn(100), 0), REJECTED);
    ChangelogDestination.Pending pending = process().accept(bad);
    assertThatThrownBy(pending::untilDurable)
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.failure()).isEqualTo(Failure.LOAD_REJECTED));
    assertThat(rows()).isZero();

    Settlement settlement = process().settle(id(0));
    assertThat(settlement.recorded().orElseThrow().durable()).isFalse();
    assertThat(settlement.recorded().orElseThrow().rows()).isEqualTo(1);
    process().accept(part(0, 1, new Lsn(100), settlement.nextAttempt())).untilDurable();
    assertThat(rows()).isEqualTo(1);
  }

  protected static void assertTakenOver(ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> assertThat(e.failure()).isEqualTo(Failure.LINEAGE_TAKEN_OVER));
  }

  private PartId id(int part) {
    return new PartId(lineage, 1, "raw_notes", part);
  }

  private Part part(int number, int rows, Lsn end, int attempt) {
    List<Map<String, Object>> lines = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      Map<String, Object> line = new HashMap<>();
      line.put("_cdc_op", "c");
      line.put("_cdc_batch", 1);
      line.put("_cdc_row", row);
      line.put("_cdc_ingested_at", INGESTED_AT.toString());
      lines.add(line);
    }
    long[] byOp = new long[ChangeOp.values().length];
    byOp[ChangeOp.CREATE.ordinal()] = rows;
    return new Part(
        id(number),
        RawTable.of(NOTES).schema(),
        NdJson.gzip(lines),
        new PartContents(byOp, 0, 0, 0, null),
        cut(rows, end),
        INGESTED_AT,
        attempt);
  }

  private static Cut cut(long changes, Lsn end) {
    return new Cut(changes, "24586-731-1764038400123456", Optional.ofNullable(end), 3L);
  }

  private static Part withContent(Part part, String line) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
      gzip.write(line.getBytes(StandardCharsets.UTF_8));
    }
    return new Part(
        part.id(),
        part.schema(),
        Content.of(bytes.toByteArray()),
        part.contents(),
        part.cut(),
        part.ingestedAt(),
        part.attempt());
  }
}
