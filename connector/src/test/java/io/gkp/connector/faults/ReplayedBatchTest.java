package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.gkp.connector.cli.Cli;
import io.gkp.connector.config.BatchLimits;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.failure.Failure;
import io.gkp.testing.wire.Call.Kind;
import io.gkp.testing.wire.Fault;
import io.gkp.testing.wire.Wire;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * One transaction changes many tables. A run dies when the first part of each is loaded; then each
 * table is altered in its own way, or the configuration is, and the next run reads the same
 * transaction again.
 *
 * <p>Every table has a row {@code x} whose columns a and b change in turn, one of them the key, so
 * that another key would make other updates the end of one row and the beginning of another. The
 * column n counts the changes.
 */
class ReplayedBatchTest {
  private static final int CHANGES = 16;

  private static final String KEYED_BY_B =
      "ALTER TABLE @ DROP CONSTRAINT @_pkey, ADD PRIMARY KEY (b)";
  private static final String WHOLE = "ALTER TABLE @ REPLICA IDENTITY FULL";

  private final Wire wire = new Wire();
  private final Map<String, Table> tables = new LinkedHashMap<>();
  private Deployment deployment;

  /**
   * @param before prepares it; {@code @} is its name
   * @param meanwhile what is done to it between the runs
   */
  private record Table(List<String> before, List<String> meanwhile) {}

  private void table(String name, List<String> before, String... meanwhile) {
    tables.put(name, new Table(before, List.of(meanwhile)));
  }

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void everyChangeComesOnceWhateverBecameOfTheTables() throws Exception {
    table("rekeyed", List.of(WHOLE), KEYED_BY_B);
    table("unkeyed", List.of(WHOLE), "ALTER TABLE @ DROP CONSTRAINT @_pkey");
    table("keys_only_now", List.of(WHOLE), "ALTER TABLE @ REPLICA IDENTITY DEFAULT");
    table("whole_rows_now", List.of(), WHOLE);
    table("whole_rows_and_rekeyed_now", List.of(), WHOLE, KEYED_BY_B);
    table("rekeyed_by_default", List.of(), KEYED_BY_B);
    table(
        "nullable_was_made_key",
        List.of(
            WHOLE, "ALTER TABLE @ ALTER b DROP NOT NULL", "UPDATE @ SET b = NULL WHERE c = 'x'"),
        KEYED_BY_B);
    table("retyped", List.of(), "ALTER TABLE @ ALTER n TYPE bigint, ALTER b TYPE text");
    table(
        "fewer_columns_now",
        List.of(),
        "ALTER PUBLICATION gkp_export DROP TABLE @",
        "ALTER PUBLICATION gkp_export ADD TABLE @ (a, n)");
    table(
        "fewer_rows_now",
        List.of(WHOLE),
        "ALTER PUBLICATION gkp_export DROP TABLE @",
        "ALTER PUBLICATION gkp_export ADD TABLE @ WHERE (n < 0)");
    table("truncated", List.of(WHOLE), KEYED_BY_B);
    table("truncated_too", List.of());

    begin();
    changeAllInOneTransaction();
    dieWithTheFirstPartOfEach();
    tables.forEach(
        (name, table) ->
            deployment.database.execute(
                table.meanwhile().stream()
                    .map(sql -> sql.replace("@", name))
                    .toArray(String[]::new)));
    deployment.database.execute(
        "ALTER PUBLICATION gkp_export SET (publish = 'insert')",
        "ALTER PUBLICATION gkp_export SET (publish = 'insert, update, delete, truncate')");
    deployment.withLimits(new BatchLimits(1_500, Duration.ZERO, 1_000_000)).drain();

    assertEachChangeOnce();
    for (String table : List.of("truncated", "truncated_too")) {
      assertThat(deployment.changelog("raw_" + table)).as(table).containsOnlyOnce("t");
    }
  }

  @Test
  void everyChangeComesOnceWhenColumnsAreProtectedMeanwhile() throws Exception {
    table("stays", List.of());
    table("protected_now", List.of());
    begin();
    changeAllInOneTransaction();
    dieWithTheFirstPartOfEach();
    deployment.protect(
        List.of("protected_now.b"), List.of("protected_now.c"), "salt of sixteen bytes");
    Cli reset = Cli.run(deployment, "offsets", "reset", "--table", "protected_now", "--yes");
    assertThat(reset.code()).as(reset.err()).isZero();
    deployment.drain();
    assertEachChangeOnce();
  }

  /** Its own changes come in two epochs; those of the table that stayed, in one batch. */
  @Test
  void everyChangeComesOnceWhenATableLeavesTheConfigurationAndComesBackMeanwhile()
      throws Exception {
    table("stays", List.of());
    table("leaves", List.of(WHOLE));
    begin();
    changeAllInOneTransaction();
    dieWithTheFirstPartOfEach();
    deployment.capture("stays");
    Wire.Script death =
        wire.cutOffAt(call -> call.is(Kind.OPEN_UPLOAD) && call.isCheckpoint(), false);
    deployment.run();
    assertThat(death.hits()).isEqualTo(1);
    wire.calm();
    deployment.capture("stays", "leaves");
    deployment.drain();
    assertEachChangeOnce();
    for (String table : tables.keySet()) {
      new ExactlyOnce(deployment).assertState(table, "a");
    }
  }

  private void assertEachChangeOnce() {
    SoftAssertions soft = new SoftAssertions();
    for (String table : tables.keySet()) {
      soft.assertThat(numbered(table))
          .as("changes of %s in order", table)
          .containsExactlyElementsOf(
              IntStream.rangeClosed(1, CHANGES).mapToObj(Integer::toString).toList());
      soft.assertThatCode(() -> new ExactlyOnce(deployment).assertPlacesUnique(table))
          .as("places of %s", table)
          .doesNotThrowAnyException();
    }
    soft.assertAll();
  }

  private void begin() {
    deployment =
        new Deployment(List.of(wire), tables.keySet().toArray(String[]::new))
            .withoutViews()
            .withLimits(new BatchLimits(1_200L * tables.size(), Duration.ofSeconds(60), 1_000_000));
    tables.forEach(
        (name, table) -> {
          deployment.database.execute(
              "CREATE TABLE " + name + " (c text, a int PRIMARY KEY, b int NOT NULL, n int)",
              "INSERT INTO " + name + " VALUES ('x', 1, 1, 0), ('y', 2, 2, 0)");
          table.before().forEach(sql -> deployment.database.execute(sql.replace("@", name)));
        });
    deployment.drain();
  }

  private void changeAllInOneTransaction() throws Exception {
    try (Connection connection = deployment.database.connect();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int n = 1; n <= CHANGES; n++) {
        for (String table : tables.keySet()) {
          statement.execute(change(table, n));
        }
      }
      connection.commit();
    }
  }

  /** The tables that are truncated are truncated together. */
  private static String change(String table, int n) {
    if (n == CHANGES / 2 && table.startsWith("truncated")) {
      return (table.equals("truncated") ? "TRUNCATE truncated, truncated_too; " : "")
          + "INSERT INTO %s VALUES ('x', 0, 0, %d)".formatted(table, n);
    }
    String more = n % 2 == 1 ? "a = a + 10, " : n % 4 == 2 ? "b = 10 + " + n + ", " : "";
    return "UPDATE %s SET %sn = %d WHERE c = 'x'".formatted(table, more, n);
  }

  private void dieWithTheFirstPartOfEach() {
    List<String> raw = tables.keySet().stream().map(name -> "raw_" + name).toList();
    CountDownLatch loaded = new CountDownLatch(1);
    wire.always(
        call -> call.is(Kind.OPEN_UPLOAD) && call.isPartFrom(1),
        Fault.hold(loaded, Fault.refuse(401, "authError")));
    CompletableFuture<RunReport> run = CompletableFuture.supplyAsync(deployment::run);
    for (String table : raw) {
      await().atMost(Duration.ofMinutes(1)).until(() -> streamed(table) > 0);
    }
    loaded.countDown();
    assertThat(run.join().error().code()).isEqualTo(Failure.DESTINATION_AUTHENTICATION.code());
    wire.calm();
    assertThat(raw).allMatch(table -> streamed(table) < CHANGES, "is loaded in part");
  }

  private long streamed(String raw) {
    return deployment.rows(raw).stream().filter(row -> !row.get("_cdc_op").equals("r")).count();
  }

  /** The change number of each row, but for the ends of rows that began anew under another key. */
  private Stream<String> numbered(String table) {
    return deployment.raw("raw_" + table).stream()
        .filter(row -> List.of("c", "u").contains((String) row.get("_cdc_op")))
        .map(row -> (String) row.get("n"));
  }
}
