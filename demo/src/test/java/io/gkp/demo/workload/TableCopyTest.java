package io.gkp.demo.workload;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.testing.TestPostgres;
import java.sql.ResultSet;
import java.util.List;
import org.junit.jupiter.api.Test;

class TableCopyTest {
  @Test
  void everyCharacterArrivesAsItWas() throws Exception {
    String awkward = "tab\tnewline\nreturn\rbackslash\\ \\N \\. ümlaut 漢 😀 'quote' \"double\"";
    TestPostgres.Database database = TestPostgres.shared().createDatabase();
    database.execute("CREATE TABLE t (id BIGINT, text TEXT, flag BOOLEAN)");
    try (var connection = database.connect()) {
      long copied =
          TableCopy.insert(
              connection,
              "t",
              List.of(
                  new Row().set("id", 1L).set("text", awkward).set("flag", true),
                  new Row().set("id", 2).set("text", null).set("flag", null)));
      assertThat(copied).isEqualTo(2);
      try (ResultSet rows =
          connection.createStatement().executeQuery("SELECT text, flag FROM t ORDER BY id")) {
        rows.next();
        assertThat(rows.getString("text")).isEqualTo(awkward);
        assertThat(rows.getBoolean("flag")).isTrue();
        rows.next();
        assertThat(rows.getString("text")).isNull();
        assertThat(rows.getObject("flag")).isNull();
      }
    }
  }

  @Test
  void noRowsAreNoCopy() throws Exception {
    try (var connection = TestPostgres.shared().createDatabase().connect()) {
      assertThat(TableCopy.insert(connection, "missing", List.of())).isZero();
    }
  }
}
