package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQuery.JobListOption;
import com.google.cloud.bigquery.BigQueryException;
import com.google.cloud.bigquery.ConnectionProperty;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.Job;
import com.google.cloud.bigquery.JobInfo;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics;
import com.google.cloud.bigquery.JobStatistics.QueryStatistics.StatementType;
import com.google.cloud.bigquery.QueryJobConfiguration;
import com.google.cloud.bigquery.RoutineId;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scripts, procedures and functions, as a client sees them. */
class MultiStatementQueryTest {
  private static LocalBigQuery server;
  private static BigQuery client;

  @BeforeAll
  static void start() {
    server = LocalBigQuery.inMemory().start();
    client = Clients.client(server.host());
    client.create(DatasetInfo.of("d"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void animals() {
    rows(
        "CREATE OR REPLACE TABLE d.animals AS SELECT 1 AS id, 'ape' AS name UNION ALL SELECT 2, 'bee'");
  }

  private static String rows(String sql) {
    try {
      List<String> rows = new ArrayList<>();
      for (FieldValueList row : client.query(QueryJobConfiguration.of(sql)).iterateAll()) {
        rows.add(row.stream().map(MultiStatementQueryTest::text).collect(Collectors.joining(" ")));
      }
      return String.join(", ", rows);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static String text(FieldValue value) {
    if (value.isNull()) {
      return "NULL";
    }
    return value.getAttribute() == FieldValue.Attribute.PRIMITIVE
        ? value.getStringValue()
        : value.getRepeatedValue().stream()
            .map(MultiStatementQueryTest::text)
            .collect(Collectors.joining("/", "(", ")"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "DECLARE x, y INT64 DEFAULT 1; SET x = x + 4; SELECT x, y | 5 1",
        "DECLARE a INT64; DECLARE b STRING; SET (a, b) = (2, 'z'); SELECT b, a | z 2",
        "DECLARE d DATE DEFAULT '2024-02-29'; SELECT DATE_ADD(d, INTERVAL 1 DAY) | 2024-03-01",
        "DECLARE n NUMERIC DEFAULT 1.5; DECLARE f FLOAT64 DEFAULT 2; SELECT n, f | 1.5 2.0",
        "DECLARE n NUMERIC(5, 2) DEFAULT 3.14159; SELECT n; SET n = 2.718; SELECT n | 2.72",
        "DECLARE s STRING(3); EXECUTE IMMEDIATE 'SELECT name FROM d.animals WHERE id = 2'"
            + " INTO s; SELECT s | bee",
        "DECLARE s STRING(3); BEGIN SET s = 'abcd'; EXCEPTION WHEN ERROR THEN SET s = 'no'; END;"
            + " SELECT s | no",
        "DECLARE v DEFAULT [1, 2]; DECLARE s STRUCT<a INT64> DEFAULT STRUCT(7); SELECT v, s.a | (1/2) 7",
        "DECLARE x DEFAULT 5; WITH t AS (SELECT x) SELECT t.x + x FROM t | 10",
        "DECLARE id INT64 DEFAULT 9; SELECT id FROM d.animals WHERE id = 1 | 1",
        "DECLARE n INT64 DEFAULT (SELECT COUNT(*) FROM d.animals); SELECT n | 2",
        "IF FALSE THEN SELECT 1; ELSEIF NULL THEN SELECT 2; ELSE SELECT 3; END IF | 3",
        "CASE 2 WHEN 1 THEN SELECT 'a'; WHEN 2 THEN SELECT 'b'; END CASE | b",
        "CASE WHEN FALSE THEN SELECT 'a'; ELSE SELECT 'c'; END CASE | c",
        "DECLARE i INT64 DEFAULT 0; WHILE i < 3 DO SET i = i + 1; END WHILE; SELECT i | 3",
        "DECLARE i INT64 DEFAULT 5; REPEAT SET i = i + 1; UNTIL TRUE END REPEAT; SELECT i | 6",
        "DECLARE i INT64 DEFAULT 0; LOOP SET i = i + 1; IF i < 4 THEN CONTINUE; END IF; BREAK;"
            + " END LOOP; SELECT i | 4",
        "DECLARE i INT64 DEFAULT 0; top: LOOP LOOP SET i = i + 1; IF i = 2 THEN ITERATE top; END"
            + " IF; IF i > 3 THEN LEAVE top; END IF; END LOOP; END LOOP; SELECT i | 4",
        "DECLARE t STRING DEFAULT ''; FOR r IN (SELECT * FROM d.animals ORDER BY id DESC) DO SET t"
            + " = CONCAT(t, r.name); END FOR; SELECT t | beeape",
        "SELECT 1; RETURN; SELECT 2 | 1",
        "UPDATE d.animals SET name = 'cow' WHERE TRUE; SELECT @@row_count | 2",
        "EXECUTE IMMEDIATE 'SELECT 40 + ?' USING 2 | 42",
        "DECLARE n STRING; EXECUTE IMMEDIATE 'SELECT name FROM d.animals WHERE id = @i' INTO n"
            + " USING 2 AS i; SELECT n | bee",
        "CREATE TEMP TABLE t AS SELECT 3 AS x; INSERT t VALUES (4); SELECT SUM(x) FROM t | 7",
        "CREATE TEMP TABLE animals (x INT64); SELECT COUNT(*) FROM _SESSION.animals | 0",
        "CREATE TEMP FUNCTION f(x INT64) AS (x * 2); CREATE TEMP FUNCTION g(x ANY TYPE) AS"
            + " (f(CAST(x AS INT64)) + 1); SELECT g(3), g('4') | 7 9",
        "top1: LOOP deep: LOOP LEAVE top1; END LOOP; END LOOP; SELECT 'out' | out",
        "SET @@query_label = 'a:b'; SELECT @@query_label | a:b",
        "SELECT 1; SELECT @@script.creation_time IS NOT NULL, @@script.slot_ms | true 0",
        "CREATE TEMP FUNCTION pair(x INT64) RETURNS STRUCT<a FLOAT64, b STRING> AS (STRUCT(x, 'x'));"
            + " SELECT pair(3).a, pair(4).b | 3.0 x",
        "CREATE TEMP AGGREGATE FUNCTION times(x INT64, n INT64 NOT AGGREGATE) AS (SUM(x) * n);"
            + " SELECT times(id, 10) FROM d.animals | 30",
        "CREATE OR REPLACE AGGREGATE FUNCTION d.times(x INT64, n INT64 NOT AGGREGATE) RETURNS INT64"
            + " AS (SUM(x) * n); SELECT d.times(id, 10) FROM d.animals | 30",
        "CREATE TEMP AGGREGATE FUNCTION sq(x INT64) AS (SUM(x * x)); SELECT sq(id) FROM d.animals | 5",
      })
  void aScriptReturnsTheRowsOfItsLastStatement(String sql, String expected) {
    assertThat(rows(sql)).isEqualTo(expected);
  }

  @Test
  void errorsReachTheirHandler() {
    assertThat(
            rows(
                "BEGIN SELECT DIV(1, 0); EXCEPTION WHEN ERROR THEN"
                    + " SELECT @@error.statement_text, @@error.message; END"))
        .startsWith("SELECT DIV(1, 0) ")
        .containsIgnoringCase("division by zero");
    assertThat(
            rows(
                "BEGIN RAISE USING MESSAGE = 'one'; EXCEPTION WHEN ERROR THEN"
                    + " BEGIN RAISE USING MESSAGE = @@error.message || ' two';"
                    + " EXCEPTION WHEN ERROR THEN SELECT @@error.message; END; END"))
        .isEqualTo("one two");
    assertThat(
            rows(
                "BEGIN\n  SELECT DIV(1, 0); EXCEPTION WHEN ERROR THEN SELECT"
                    + " @@error.stack_trace[OFFSET(0)].line, @@error.formatted_stack_trace; END"))
        .isEqualTo("2 At [2:3]");
    assertFails("BEGIN RAISE USING MESSAGE = 'x'; EXCEPTION WHEN ERROR THEN RAISE; END", "x");
    assertFails("DECLARE x INT64 DEFAULT 'y'", "Cannot coerce");
    assertFails("SET z = 1", "Undeclared variable: z");
    assertFails("ASSERT FALSE AS 'no'", "no");
    assertFails("IF TRUE THEN BREAK; END IF", "BREAK is only allowed inside of a loop body");
    assertFails("a: BEGIN END; LOOP LEAVE b; END LOOP", "No loop or block is labeled b");
    assertFails("SELECT 1;\nDECLARE x INT64;\nSELECT y", "DECLARE");
    assertFails(
        "BEGIN SELECT * FROM EXTERNAL_QUERY('c', 'q'); EXCEPTION WHEN ERROR THEN END",
        "EXTERNAL_QUERY");
  }

  private static void assertFails(String sql, String message) {
    assertThatThrownBy(() -> rows(sql))
        .isInstanceOf(BigQueryException.class)
        .hasMessageContaining(message);
  }

  @Test
  void aTransactionOutlivesAnErrorThatIsHandled() {
    assertThat(
            rows(
                "BEGIN BEGIN TRANSACTION; INSERT d.animals VALUES (3, 'cat');"
                    + " EXECUTE IMMEDIATE 'SELECT 1 / 0'; COMMIT;"
                    + " EXCEPTION WHEN ERROR THEN END; SELECT COUNT(*) FROM d.animals"))
        .isEqualTo("3");
    assertThat(rows("SELECT COUNT(*) FROM d.animals")).isEqualTo("2");
    assertThat(rows("BEGIN; DELETE d.animals WHERE TRUE; SELECT COUNT(*) FROM d.animals; ROLLBACK"))
        .isEqualTo("0");
  }

  @Test
  void functionsReadTablesAndCallEachOther() {
    rows(
        "CREATE OR REPLACE FUNCTION d.named(i INT64) AS ((SELECT name FROM d.animals WHERE id = i))");
    rows("CREATE OR REPLACE FUNCTION d.loud(i INT64) RETURNS STRING AS (UPPER(d.named(i)))");
    rows("CREATE OR REPLACE VIEW d.voices AS SELECT id, d.loud(id) AS voice FROM d.animals");
    rows(
        "CREATE OR REPLACE TABLE FUNCTION d.upto(n INT64) AS"
            + " SELECT v.voice, a.* FROM d.voices v JOIN d.animals AS a USING (id) WHERE a.id <= n");
    assertThat(rows("SELECT d.loud(2), `a-project`.d.named(1)")).isEqualTo("BEE ape");
    assertThat(rows("SELECT voice FROM d.voices ORDER BY id")).isEqualTo("APE, BEE");
    assertThat(rows("DECLARE n INT64 DEFAULT 1; SELECT voice, name FROM d.upto(n)"))
        .isEqualTo("APE ape");
    assertFails("CREATE FUNCTION d.loud(i INT64) AS (i)", "Already Exists");
    rows("DROP TABLE FUNCTION d.upto; DROP FUNCTION d.loud");
    assertFails("SELECT d.loud(1)", "Function not found");
  }

  @Test
  void proceduresTakeAndGiveValues() {
    rows(
        "CREATE OR REPLACE PROCEDURE d.factorial(n INT64, OUT result INT64) BEGIN"
            + " DECLARE before INT64; IF n < 2 THEN SET result = 1; RETURN; END IF;"
            + " CALL d.factorial(n - 1, before); SET result = n * before; END");
    assertThat(rows("DECLARE x INT64; CALL d.factorial(10, x); SELECT x")).isEqualTo("3628800");
    rows("CREATE OR REPLACE PROCEDURE d.more(INOUT x ANY TYPE) BEGIN SET x = x + x; END");
    assertThat(rows("DECLARE x DEFAULT 1.5; CALL d.more(x); SELECT x")).isEqualTo("3.0");
    assertFails("CALL d.more(1)", "must be a variable");
    assertFails("CALL d.more()", "takes 1 arguments");
    assertFails("CALL d.nothing()", "Procedure not found");
  }

  @Test
  void eachStatementIsAJobOfItsOwn() throws InterruptedException {
    Job script =
        client
            .create(
                JobInfo.of(
                    QueryJobConfiguration.of(
                        "DECLARE x INT64 DEFAULT 1;\nSELECT x;\n  INSERT d.animals VALUES (x, 'x')")))
            .waitFor();
    QueryStatistics statistics = script.getStatistics();
    assertThat(statistics.getStatementType()).isEqualTo(StatementType.SCRIPT);
    assertThat(statistics.getNumChildJobs()).isEqualTo(2);
    List<Job> children =
        StreamSupport.stream(
                client
                    .listJobs(JobListOption.parentJobId(script.getJobId().getJob()))
                    .iterateAll()
                    .spliterator(),
                false)
            .toList();
    assertThat(children).hasSize(2);
    Job insert = children.stream().filter(job -> type(job).equals("INSERT")).findFirst().get();
    assertThat(insert.getStatistics().getScriptStatistics().getStackFrames().get(0))
        .satisfies(
            frame -> {
              assertThat(frame.getStartLine()).isEqualTo(3);
              assertThat(frame.getStartColumn()).isEqualTo(3);
              assertThat(frame.getText()).startsWith("INSERT");
            });
    Job select = children.stream().filter(job -> type(job).equals("SELECT")).findFirst().get();
    assertThat(select.getQueryResults().getTotalRows()).isEqualTo(1);
    assertThat(client.listJobs().iterateAll())
        .noneMatch(job -> job.getStatistics().getParentJobId() != null);
  }

  private static String type(Job job) {
    return ((QueryStatistics) job.getStatistics()).getStatementType().toString();
  }

  @Test
  void routinesAreListedAndDropped() {
    rows("CREATE OR REPLACE FUNCTION d.twice(x INT64) AS (2 * x)");
    RoutineId twice = RoutineId.of("d", "twice");
    assertThat(client.getRoutine(twice).getBody()).isEqualTo("2 * x");
    assertThat(client.listRoutines("d").iterateAll())
        .anyMatch(routine -> routine.getRoutineId().getRoutine().equals("twice"));
    assertThat(
            rows(
                "SELECT routine_type, data_type, routine_definition FROM d.INFORMATION_SCHEMA.ROUTINES"
                    + " WHERE routine_name = 'twice'"))
        .isEqualTo("FUNCTION INT64 2 * x");
    rows("CREATE OR REPLACE TABLE d.nested (a ARRAY<STRUCT<b INT64, c STRUCT<e STRING>>>)");
    assertThat(
            rows(
                "SELECT field_path FROM d.INFORMATION_SCHEMA.COLUMN_FIELD_PATHS"
                    + " WHERE table_name = 'nested' ORDER BY 1"))
        .isEqualTo("a, a.b, a.c, a.c.e");
    assertThat(client.delete(twice)).isTrue();
    assertFails("SELECT d.twice(1)", "Function not found");
  }

  @Test
  void temporaryThingsStayOutOfTransactions() {
    assertFails("BEGIN TRANSACTION; CREATE TEMP TABLE t (x INT64); COMMIT", "within a transaction");
    assertFails("CREATE TEMP TABLE t (x INT64)", "requires a script or session");
    assertThat(
            rows(
                "SELECT COUNT(*) FROM INFORMATION_SCHEMA.SCHEMATA WHERE schema_name LIKE '\\\\_%'"))
        .isEqualTo("0");
  }

  @Test
  void queriesOfASessionShareWhatIsTemporary() throws InterruptedException {
    Job first =
        client
            .create(
                JobInfo.of(
                    QueryJobConfiguration.newBuilder(
                            "DECLARE n INT64 DEFAULT 4; CREATE TEMP TABLE t AS SELECT n AS x")
                        .setCreateSession(true)
                        .build()))
            .waitFor();
    String session = first.getStatistics().getSessionInfo().getSessionId();
    assertThat(inSession(session, "INSERT t VALUES (n + 1)").getStatus().getError()).isNull();
    Job sum = inSession(session, "SELECT SUM(x) * n FROM t");
    assertThat(sum.getQueryResults().iterateAll().iterator().next().get(0).getLongValue())
        .isEqualTo(36);
    Job id = inSession(session, "SELECT @@session_id");
    assertThat(id.getQueryResults().iterateAll().iterator().next().get(0).getStringValue())
        .isEqualTo(session);
    assertThat(rows("SELECT @@session_id IS NULL")).isEqualTo("true");
    assertFails("SELECT * FROM d.t", "Not found: Table");
    assertThatThrownBy(() -> inSession(session, "BEGIN TRANSACTION"))
        .hasMessageContaining("transactions over several queries");
    assertThatThrownBy(() -> inSession("no-such", "SELECT 1")).hasMessageContaining("session id");
  }

  private static Job inSession(String session, String sql) throws InterruptedException {
    return client
        .create(
            JobInfo.of(
                QueryJobConfiguration.newBuilder(sql)
                    .setConnectionProperties(List.of(ConnectionProperty.of("session_id", session)))
                    .build()))
        .waitFor();
  }
}
