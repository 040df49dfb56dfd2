package io.gkp.connector.bigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.TableId;
import io.gkp.bigquery.BigQueryClients;
import io.gkp.bigquery.Content;
import io.gkp.bigquery.DestinationConfig;
import io.gkp.bigquery.NdJson;
import io.gkp.connector.changelog.ChangelogDestination;
import io.gkp.connector.changelog.ChangelogTable;
import io.gkp.connector.changelog.Cut;
import io.gkp.connector.changelog.Part;
import io.gkp.connector.changelog.PartContents;
import io.gkp.connector.changelog.PartId;
import io.gkp.connector.changelog.Receipt;
import io.gkp.connector.changelog.RecordedPart;
import io.gkp.connector.changelog.Settlement;
import io.gkp.connector.mapping.ChangeOp;
import io.gkp.connector.mapping.RawTable;
import io.gkp.connector.mapping.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.localbigquery.LocalBigQuery;
import io.gkp.name.Lsn;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The contract of {@link ChangelogDestination}, against the local BigQuery or whatever answers at
 * {@code BIGQUERY_EMULATOR_HOST}.
 */
class BigQueryDestinationTest {
  private static final Instant INGESTED_AT = Instant.parse("2026-02-03T04:05:06Z");
  private static final SourceTable NOTES = new SourceTable("public", "notes", List.of());

  @TempDir static Path data;
  private static LocalBigQuery local;
  private static String host;

  private final String lineage = UUID.randomUUID().toString().substring(0, 8);
  private DestinationConfig config;
  private BigQuery bigquery;
  private BigQueryDestination destination;

  @BeforeAll
  static void start() {
    host = System.getenv("BIGQUERY_EMULATOR_HOST");
    if (host == null) {
      local = LocalBigQuery.start(data, 0);
      host = local.host();
    }
  }

  @AfterAll
  static void stop() {
    if (local != null) {
      local.close();
    }
  }

  @BeforeEach
  void connect() {
    config = new DestinationConfig("test-project", "contract_" + lineage, null, host);
    bigquery = BigQueryClients.create(config);
    destination = new BigQueryDestination(bigquery, config);
    destination.check();
    ChangelogTable table = destination.table(NOTES, (name, changes) -> {});
    assertThat(table.name()).isEqualTo("raw_notes");
  }

  @Test
  void anAcceptedPartBecomesDurableOnce() throws Exception {
    Receipt receipt = destination.accept(part(0, 3, new Lsn(100), 0)).untilDurable();
    assertThat(receipt.rows()).isEqualTo(3);
    assertThat(receipt.jobId()).isEqualTo("gkp_" + lineage + "_1_raw_notes_p0_a0");
    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void offeringTheSamePartAgainHasNoFurtherEffect() throws Exception {
    destination.accept(part(0, 3, new Lsn(100), 0)).untilDurable();
    Receipt again = destination.accept(part(0, 3, new Lsn(100), 0)).untilDurable();
    assertThat(again.jobId()).isEqualTo("gkp_" + lineage + "_1_raw_notes_p0_a0");
    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void anotherCutUnderAUsedIdEndsTheRun() throws Exception {
    destination.accept(part(0, 3, new Lsn(100), 0)).untilDurable();
    assertTakenOver(() -> destination.accept(part(0, 4, new Lsn(120), 0)));
    assertThat(rows()).isEqualTo(3);
  }

  @Test
  void aBatchIsClaimedByOneRunOnly() throws Exception {
    assertThat(destination.claim(lineage, 7)).isTrue();
    assertThat(destination.claim(lineage, 7)).isFalse();
    assertThat(destination.claim(lineage, 8)).isTrue();
  }

  @Test
  void settlingTellsWhatWasAccepted() throws Exception {
    destination.accept(part(0, 3, null, 0)).untilDurable();
    destination.accept(part(1, 2, new Lsn(100), 0)).untilDurable();
    assertThat(destination.settle(id(0)))
        .isEqualTo(
            new Settlement(Optional.of(new RecordedPart(cut(3, null), 3, INGESTED_AT, true)), 1));
    assertThat(destination.settle(id(1)))
        .isEqualTo(
            new Settlement(
                Optional.of(new RecordedPart(cut(2, new Lsn(100)), 2, INGESTED_AT, true)), 1));
  }

  @Test
  void aPartThatAnotherVersionLabelledIsNotGuessedAbout() {
    assertTakenOver(
        () -> PartLabels.read(Map.of("gkp_rows", "3", "gkp_ingested_at_us", "0"), true));
  }

  @Test
  void settlingWhatWasNeverAcceptedMakesItImpossible() throws Exception {
    assertThat(destination.settle(id(0))).isEqualTo(new Settlement(Optional.empty(), 1));
    assertTakenOver(() -> destination.accept(part(0, 3, new Lsn(100), 0)));
    assertThat(rows()).isZero();

    destination.accept(part(0, 2, new Lsn(90), 1)).untilDurable();
    assertThat(rows()).isEqualTo(2);
    assertThat(destination.settle(id(0)))
        .isEqualTo(
            new Settlement(
                Optional.of(new RecordedPart(cut(2, new Lsn(90)), 2, INGESTED_AT, true)), 2));
  }

  @Test
  void aPartThatFailedForGoodCanBeMadeAgainByTheNextRun() throws Exception {
    Part bad = withContent(part(0, 1, new Lsn(100), 0), "{\"_cdc_op\":\"c\",\"_cdc_row\":\"x\"}");
    ChangelogDestination.Pending pending = destination.accept(bad);
    assertThatThrownBy(pending::untilDurable)
        .isInstanceOfSatisfying(
            ExportException.class, e -> assertThat(e.failure()).isEqualTo(Failure.LOAD_REJECTED));
    assertThat(rows()).isZero();

    Settlement settlement = destination.settle(id(0));
    assertThat(settlement.recorded().orElseThrow().durable()).isFalse();
    assertThat(settlement.recorded().orElseThrow().rows()).isEqualTo(1);
    destination.accept(part(0, 1, new Lsn(100), settlement.nextAttempt())).untilDurable();
    assertThat(rows()).isEqualTo(1);
  }

  private void assertTakenOver(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> assertThat(e.failure()).isEqualTo(Failure.LINEAGE_TAKEN_OVER));
  }

  private long rows() {
    return bigquery
        .getTable(TableId.of("contract_" + lineage, "raw_notes"))
        .getNumRows()
        .longValueExact();
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

  private static Part withContent(Part part, String line) throws Exception {
    java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
    try (var gzip = new java.util.zip.GZIPOutputStream(bytes)) {
      gzip.write(line.getBytes(java.nio.charset.StandardCharsets.UTF_8));
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
