package io.gkp.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.ResultSet;
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
}
