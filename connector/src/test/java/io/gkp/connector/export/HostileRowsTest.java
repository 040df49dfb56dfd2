package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gkp.connector.cli.Cli;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.offsets.Checkpoint;
import io.gkp.offsets.ControlStore;
import io.gkp.offsets.Epochs;
import io.gkp.offsets.Ledger;
import io.gkp.offsets.Request;
import io.gkp.offsets.Requests;
import io.gkp.offsets.Sources;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whoever may write the dataset writes rows into the control tables that the export never writes.
 * Each is refused by name, with a remedy that works, or it is passed over; the source is not
 * commanded by any.
 */
class HostileRowsTest {
  private static final String HUGE = "9223372036854775807";
  private static final Pattern DELETE = Pattern.compile("DELETE FROM (\\w+) WHERE (.*?);");

  private static Deployment deployment;
  private static ControlStore store;
  private static int rows;

  /** Statements by what stops a run, and is said with the way out. */
  static Stream<String> refused() {
    return Stream.of(
        checkpoint(Map.of("lsn", "NULL")),
        checkpoint(Map.of("lsn", "-1")),
        checkpoint(Map.of("n", HUGE)),
        checkpoint(Map.of("lineage", "NULL")),
        checkpoint(Map.of("lineage", "'x`; DROP TABLE t; --'")),
        checkpoint(Map.of("kind", "'nonsense'")),
        checkpoint(Map.of("kind", "NULL")),
        checkpoint(Map.of("run_id", "NULL")),
        checkpoint(Map.of("run_id", "'a\\u001b[2Jb'")),
        checkpoint(Map.of("committed_at", "TIMESTAMP '9999-12-31 00:00:00'")),
        checkpoint(Map.of("`rows`", "-5")),
        checkpoint(Map.of("timeline", "-1")),
        source(Map.of("n", HUGE)),
        source(Map.of("system_identifier", "NULL")),
        source(Map.of("database_oid", "NULL")),
        source(Map.of("slot", "'a\\nb'")),
        epoch(Map.of("table_name", "NULL")),
        epoch(Map.of("epoch", "NULL")),
        epoch(Map.of("epoch", HUGE)),
        epoch(Map.of("epoch", "-3")),
        epoch(Map.of("state", "NULL")),
        epoch(Map.of("state", "'COMPLETED\\n'")),
        epoch(Map.of("batch", "NULL", "state", "'noted'")),
        epoch(Map.of("changed_at", "NULL")));
  }

  /** What is passed over, or mended by the run itself; each at one time. */
  static Stream<List<String>> passedOver() {
    return Stream.of(
        List.of("UPDATE history.epochs SET composition = '{\"oid\": \"none\"' WHERE TRUE"),
        List.of(
            "UPDATE history.epochs SET composition = '{\"columns\": [null]}' WHERE TRUE",
            "UPDATE history.epochs SET row_key = '[]' WHERE TRUE"),
        List.of(
            "UPDATE history.epochs SET composition = '" + "{\"a\":".repeat(1500) + "' WHERE TRUE",
            "UPDATE history.epochs SET row_key = '{\"columns\": null}' WHERE TRUE"),
        List.of(
            epoch(Map.of("table_name", "'x\"; DROP TABLE t; --'", "epoch", "1")),
            epoch(Map.of("table_name", "'" + "long".repeat(2000) + "'", "epoch", "1")),
            request(Map.of("request_id", "NULL")),
            request(Map.of("request_id", "'../../a b'")),
            request(Map.of("kind", "'drop'")),
            request(Map.of("state", "NULL")),
            request(Map.of("changed_at", "NULL")),
            request(Map.of("table_name", "NULL")),
            request(Map.of("table_name", "'pg_catalog.pg_authid'")),
            request(Map.of("filter", "NULL")),
            request(Map.of("filter", "'id = 1; SELECT pg_drop_replication_slot(slot_name)'")),
            request(Map.of("filter", "'\\u0000'")),
            request(Map.of("filter", "'id = \\uff11'")),
            request(Map.of("filter", "'" + "(".repeat(20_000) + "'")),
            request(Map.of("filter", "'" + "id = 1 OR ".repeat(20_000) + "id = 1'")),
            request(Map.of("filter", "'id = 1" + "0".repeat(200_000) + "'")),
            request(Map.of("kind", "'skip'", "batch", "NULL")),
            request(Map.of("kind", "'skip'", "batch", HUGE, "`rows`", "1")),
            request(Map.of("kind", "'skip'", "batch", "1", "`rows`", "1")),
            request(Map.of("kind", "'reset_all'", "table_name", "NULL")),
            run(Map.of("run_id", "NULL")),
            run(Map.of("table_name", "NULL")),
            run(Map.of("started_at", "NULL")),
            run(Map.of("status", "'\\u001b]0;owned\\u0007'")),
            run(Map.of("error_code", "'\\u001b[2J'", "status", "'failed'")),
            run(Map.of("changes", "-1", "load_jobs", "',,,'", "fence_lsn", "-1"))));
  }

  @BeforeAll
  static void aTableIsExported() {
    deployment = new Deployment("t");
    deployment.database.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
    deployment.drain();
    store = deployment.controlStore();
    new Requests(store)
        .record(
            Request.of("a", Request.Kind.BACKFILL, "t", "id = 0", Instant.now(), "somebody", null));
    deployment.drain();
  }

  /** One of each table, and those that are told by what else is there: runs read all of it. */
  static Stream<String> refusedByRuns() {
    return Stream.of(
        checkpoint(Map.of("lsn", "NULL")),
        checkpoint(Map.of("lsn", "(SELECT MAX(lsn) + 8 FROM history.checkpoints)")),
        "UPDATE history.checkpoints SET lsn = lsn + 8 WHERE n = (SELECT MAX(n) FROM history.checkpoints)",
        source(Map.of("system_identifier", "NULL")),
        epoch(Map.of("state", "NULL")));
  }

  @ParameterizedTest
  @MethodSource("refusedByRuns")
  void aRunIsRefusedAndMovesNothing(String statement) {
    deployment.database.execute("INSERT INTO t VALUES (%d, 'v')".formatted(++rows));
    String before = slot();
    requireMended(
        statement,
        () -> {
          RunReport report = deployment.run();
          assertThat(report.error()).as(statement).isNotNull();
          assertThat(report.error().code()).isEqualTo(Failure.CONTROL_ROW.code());
          assertThat(slot()).isEqualTo(before);
          return report.error().remedy();
        });
  }

  @ParameterizedTest
  @MethodSource("refused")
  void aRowThatNobodyMayGoOnFromIsRefusedByNameAndTheRemedyWorks(String statement) {
    requireMended(
        statement,
        () -> {
          ExportException refusal =
              catchThrowableOfType(ExportException.class, HostileRowsTest::readAsRunsDo);
          assertThat(refusal).as(statement).isNotNull();
          assertThat(refusal.failure()).isEqualTo(Failure.CONTROL_ROW);
          return refusal.remedy();
        });
  }

  /** What a run goes on from. */
  private static void readAsRunsDo() {
    Ledger ledger = new Ledger(store);
    List<Checkpoint> newest = ledger.newest();
    ledger.requireWritten(newest);
    new Sources(store, ledger.shard()).newest();
    new Epochs(store, newest.get(0).lineage(), null).newest();
  }

  /**
   * @param refusal looks for it, and returns the remedy that is told
   */
  private static void requireMended(String statement, Supplier<String> refusal) {
    List<Map<String, Object>> ledger = deployment.rows("checkpoints");
    deployment.sql(statement);
    String remedy = refusal.get();
    Matcher delete = DELETE.matcher(remedy + ";");
    assertThat(delete.find()).as(remedy).isTrue();
    if (statement.startsWith("UPDATE")) { // the row of before is restored
      deployment.sql(statement.replace("lsn + 8", "lsn - 8"));
    } else {
      deployment.sql("DELETE FROM history.%s WHERE %s".formatted(delete.group(1), delete.group(2)));
    }
    assertThat(deployment.rows("checkpoints")).containsExactlyInAnyOrderElementsOf(ledger);
  }

  @AfterAll
  static void everyRemedyHasWorked() {
    deployment.drain();
    deployment.requireEqual("t", "id", "v");
    deployment.close();
  }

  @ParameterizedTest
  @MethodSource("passedOver")
  void aRowThatDecidesNothingIsPassedOver(List<String> statements) {
    deployment.database.execute("INSERT INTO t VALUES (%d, 'v')".formatted(++rows));
    statements.forEach(deployment::sql);
    deployment.drain();
    for (String command : List.of("offsets show", "offsets history", "doctor")) {
      Cli cli = Cli.run(deployment, command.split(" "));
      assertThat(cli.code()).as(command + cli.out() + cli.err()).isLessThan(70);
      assertPrintable(cli);
    }
    deployment.requireEqual("t", "id", "v");
    assertThat(deployment.database.query("SELECT count(*) FROM t"))
        .isEqualTo(List.of(List.of(Integer.toString(rows))));
  }

  @Test
  void wellFormedRowsReachNothingAtTheSourceButRowsThatAreExportedAnyway() {
    String slot = "of_others_" + deployment.database.name();
    deployment.database.execute(
        "CREATE TABLE hidden (id int PRIMARY KEY, v text)",
        "INSERT INTO hidden VALUES (1, 'of others')",
        "SELECT pg_create_logical_replication_slot('" + slot + "', 'pgoutput')");
    String slots = "SELECT slot_name FROM pg_replication_slots ORDER BY 1";
    List<List<String>> before = deployment.database.query(slots);
    List.of(
            epoch(
                Map.of(
                    "epoch", "(SELECT MAX(epoch) + 1 FROM history.epochs WHERE table_name = 't')",
                    "state", "'requested'")),
            epoch(Map.of("table_name", "'hidden'", "state", "'requested'")),
            request(Map.of("table_name", "'hidden'")),
            request(Map.of("kind", "'reset_all'", "table_name", "NULL", "filter", "NULL")),
            request(Map.of("kind", "'skip'", "batch", "0", "`rows`", "1", "filter", "NULL")),
            request(Map.of("kind", "'start'", "filter", "NULL")),
            request(Map.of("filter", "'id > 0'")))
        .forEach(deployment::sql);
    deployment.drain();
    deployment.requireEqual("t", "id", "v");
    assertThat(deployment.database.query(slots)).isEqualTo(before);
    assertThat(deployment.tableNames("")).contains("raw_t").doesNotContain("raw_hidden");

    String here = slot();
    deployment.sql(source(Map.of()));
    assertThat(deployment.run().error().code()).isEqualTo(Failure.OTHER_SOURCE.code());
    assertThat(slot()).isEqualTo(here);
    deployment.sql("DELETE FROM history.sources WHERE run_id = 'run-forged'");
  }

  @Test
  void anOperatorSeesWhatIsWrong() {
    deployment.sql(epoch(Map.of("state", "'x'")));
    Cli doctor = Cli.run(deployment, "doctor");
    assertThat(doctor.code()).isEqualTo(78);
    assertThat(doctor.out()).contains("its column state holds something else");
    deployment.sql("DELETE FROM history.epochs WHERE state = 'x'");
  }

  private static void assertPrintable(Cli cli) {
    assertThat(cli.out() + cli.err()).doesNotContain("\u001b", "\u0007", "GKP-900");
  }

  private static String slot() {
    return deployment
        .database
        .query(
            "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '%s'"
                .formatted(deployment.slot()))
        .toString();
  }

  private static String checkpoint(Map<String, String> columns) {
    return insert(
        "checkpoints",
        Map.of(
            "n", "(SELECT MAX(n) + 1 FROM history.checkpoints)",
            "lineage", "(SELECT MAX(lineage) FROM history.checkpoints)",
            "lsn", "(SELECT MAX(lsn) FROM history.checkpoints)",
            "kind", "'stream'",
            "run_id", "'run-forged'",
            "committed_at", "CURRENT_TIMESTAMP()",
            "`rows`", "0",
            "timeline", "1"),
        columns);
  }

  private static String source(Map<String, String> columns) {
    return insert(
        "sources",
        Map.of(
            "n", "(SELECT MAX(n) + 1 FROM history.sources)",
            "system_identifier", "'7'",
            "database_oid", "16384",
            "database_name", "'d'",
            "slot", "'s'",
            "run_id", "'run-forged'",
            "recorded_at", "CURRENT_TIMESTAMP()"),
        columns);
  }

  private static String epoch(Map<String, String> columns) {
    return insert(
        "epochs",
        Map.of(
            "table_name", "'t'",
            "epoch", "1",
            "state", "'completed'",
            "kind", "'initial'",
            "batch", "1",
            "changed_at", "CURRENT_TIMESTAMP()"),
        columns);
  }

  private static String request(Map<String, String> columns) {
    return insert(
        "requests",
        Map.of(
            "request_id", "'forged-" + System.nanoTime() + "'",
            "kind", "'backfill'",
            "table_name", "'t'",
            "state", "'requested'",
            "filter", "'id = 1'",
            "changed_at", "CURRENT_TIMESTAMP()",
            "changed_by", "'me\\u001b[2J'",
            "reason", "'\\u009b2J'"),
        columns);
  }

  private static String run(Map<String, String> columns) {
    return insert(
        "runs",
        Map.of(
            "run_id", "'run-forged'",
            "table_name", "'t'",
            "started_at", "TIMESTAMP '2020-01-01 00:00:00'",
            "finished_at", "TIMESTAMP '2020-01-01 00:00:00'",
            "status", "'drained'"),
        columns);
  }

  private static String insert(
      String table, Map<String, String> usual, Map<String, String> columns) {
    Map<String, String> all = new java.util.TreeMap<>(usual);
    all.putAll(columns);
    return "INSERT INTO history.%s (%s) SELECT %s"
        .formatted(table, String.join(", ", all.keySet()), String.join(", ", all.values()));
  }
}
