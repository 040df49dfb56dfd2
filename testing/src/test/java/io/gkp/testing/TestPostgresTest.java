package io.gkp.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.ResultSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TestPostgresTest {
  @Test
  void aFreshDatabaseHasLogicalWal() throws Exception {
    try (var connection = TestPostgres.shared().createDatabase().connect();
        ResultSet row = connection.createStatement().executeQuery("SHOW wal_level")) {
      assertThat(row.next()).isTrue();
      assertThat(row.getString(1)).isEqualTo("logical");
    }
  }

  @Test
  void aSessionIsTakenAgainAndIsAsItBegan() {
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    database.execute(
        "CREATE TEMP TABLE own (id int)",
        "SET statement_timeout = '1h'",
        "SELECT pg_advisory_lock(7)");
    String state =
        "SELECT pg_backend_pid(), to_regclass('own'), current_setting('statement_timeout'),"
            + " (SELECT count(*) FROM pg_locks WHERE locktype = 'advisory')";
    List<String> first = database.query(state).get(0);
    assertThat(first.subList(1, 4)).containsExactly(null, "0", "0");
    assertThat(database.query(state)).containsExactly(first);
    database.execute("ALTER DATABASE " + database.name() + " SET statement_timeout = '2h'");
    assertThat(database.query(state).get(0)).element(2).isEqualTo("2h");
  }

  @Test
  void aSessionThatWasEndedOrLeftInTheMiddleIsNotTakenAgain() {
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    String pid = database.query("SELECT pg_backend_pid()").get(0).get(0);
    TestPostgres.shared()
        .database("postgres")
        .execute("SELECT pg_terminate_backend(" + pid + ", 10000)");
    assertThat(database.query("SELECT 1")).hasSize(1);
    database.execute("BEGIN", "CREATE TABLE never (id int)");
    assertThat(database.query("SELECT to_regclass('never')").get(0).get(0)).isNull();
    assertThatThrownBy(() -> database.execute("nonsense"))
        .isInstanceOf(IllegalStateException.class);
    assertThat(database.query("SELECT 1")).hasSize(1);
  }
}
