package io.gkp.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.gkp.demo.workload.Change;
import io.gkp.demo.workload.GkpTables;
import io.gkp.demo.workload.NextDay;
import io.gkp.demo.workload.Row;
import io.gkp.demo.workload.TableCopy;
import io.gkp.demo.workload.Workload;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The workload and the day after it on a real Postgres. */
class SourceDatabaseTest {
  private static final LocalDate DAY = LocalDate.of(2026, 6, 16);
  private static final long SEED = 7;

  private final Workload workload = new Workload(SEED, DAY);
  private final Map<String, List<Row>> history = workload.history();
  private Connection connection;

  @BeforeEach
  void fill() throws Exception {
    connection = TestPostgres.shared().createDatabase().connect();
    GkpTables.create(connection);
    for (String table : GkpTables.NAMES) {
      TableCopy.insert(connection, table, history.get(table));
    }
  }

  @AfterEach
  void close() throws Exception {
    connection.close();
  }

  @Test
  void theHistoryObeysTheTables() throws Exception {
    assertThat(counts()).containsExactly(281L, 32L, 2770L);
    assertThat(number("SELECT COUNT(*) FROM ingestion_runs WHERE status = 'running'")).isOne();
    assertThat(number("SELECT COUNT(*) FROM ingestion_runs WHERE status = 'failed'")).isEqualTo(14);
    assertThat(number("SELECT COUNT(*) FROM eval_runs WHERE status = 'failed'")).isOne();
    assertThat(number("SELECT COUNT(*) FROM query_logs WHERE refused = 1")).isEqualTo(190);
    assertThat(number("SELECT COUNT(*) FROM query_logs WHERE status = 'error'")).isEqualTo(37);
    assertThat(number("SELECT COUNT(*) FROM query_logs WHERE feedback IS NOT NULL")).isEqualTo(271);
  }

  @Test
  void everyJsonColumnHoldsJson() throws Exception {
    String jsonColumns =
        "SELECT table_name, column_name FROM information_schema.columns"
            + " WHERE table_schema = 'public' AND column_name LIKE '%\\_json'";
    int checked = 0;
    try (ResultSet columns = connection.createStatement().executeQuery(jsonColumns)) {
      while (columns.next()) {
        String json = columns.getString(2) + "::jsonb";
        assertThat(number("SELECT COUNT(" + json + ") FROM " + columns.getString(1))).isPositive();
        checked++;
      }
    }
    assertThat(checked).isEqualTo(8);
  }

  @Test
  void someAnswersAreStoredOutOfLine() throws Exception {
    assertThat(number("SELECT COUNT(*) FROM query_logs WHERE LENGTH(answer) > 9000")).isEqualTo(15);
    assertThat(
            number(
                "SELECT pg_relation_size(reltoastrelid) FROM pg_class WHERE relname='query_logs'"))
        .isPositive();
  }

  @Test
  void theDayAfterSaysExactlyWhatItChanged() throws Exception {
    List<Change> changes = new NextDay(workload, history, SEED).play(connection);
    assertThat(changes)
        .extracting(Change::inserts, Change::updates, Change::deletes)
        .containsExactly(
            tuple(58L, 0L, 0L),
            tuple(0L, 0L, 0L),
            tuple(65L, 0L, 0L),
            tuple(0L, 106L, 0L),
            tuple(0L, 1L, 0L),
            tuple(12L, 0L, 0L),
            tuple(1L, 0L, 1L),
            tuple(1L, 0L, 0L),
            tuple(0L, 1L, 0L),
            tuple(0L, 0L, 0L),
            tuple(0L, 0L, 152L),
            tuple(0L, 0L, 42L));
    List<Long> expected = new ArrayList<>();
    for (String table : GkpTables.NAMES) {
      long growth =
          changes.stream()
              .filter(change -> change.table().equals(table))
              .mapToLong(change -> change.inserts() - change.deletes())
              .sum();
      expected.add(history.get(table).size() + growth);
    }
    assertThat(counts()).isEqualTo(expected);
    assertThat(number("SELECT COUNT(*) FROM query_logs WHERE feedback = 'rolled back'")).isZero();
    assertThat(number("SELECT COUNT(cache_hit) FROM query_logs")).isEqualTo(63);
    assertThat(number("SELECT COUNT(*) FROM query_logs WHERE tenant_id = 'quarry-pilot'")).isZero();
    assertThat(number("SELECT COUNT(*) FROM ingestion_runs WHERE status = 'running'")).isZero();
  }

  @Test
  void theExporterMayReadAndReplicateAndNothingElse() throws Exception {
    GkpTables.grantExport(connection, "demo");
    String grants =
        "SELECT COUNT(*) FROM information_schema.role_table_grants"
            + " WHERE grantee = 'gkp_exporter' AND privilege_type ";
    assertThat(number(grants + "= 'SELECT'")).isEqualTo(3);
    assertThat(number(grants + "<> 'SELECT'")).isZero();
    assertThat(
            number(
                "SELECT COUNT(*) FROM pg_roles WHERE rolname = 'gkp_exporter' AND rolreplication"
                    + " AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls)"))
        .isOne();
    assertThat(number("SELECT COUNT(*) FROM pg_publication_tables WHERE pubname = 'gkp_export'"))
        .isEqualTo(3);
  }

  private List<Long> counts() throws SQLException {
    List<Long> counts = new ArrayList<>();
    for (String table : GkpTables.NAMES) {
      counts.add(GkpTables.rows(connection, table));
    }
    return counts;
  }

  private long number(String sql) throws SQLException {
    try (ResultSet rows = connection.createStatement().executeQuery(sql)) {
      rows.next();
      return rows.getLong(1);
    }
  }
}
