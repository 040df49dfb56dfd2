package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** DEFERRABLE keys: within a transaction one key may be several rows', and pass between them. */
class MovingKeysTest {
  private static final Map<String, List<String>> TRANSACTIONS =
      Map.ofEntries(
          Map.entry("shift_up", List.of("UPDATE @ SET id = id + 1")),
          Map.entry("shift_down", List.of("UPDATE @ SET id = id - 1")),
          Map.entry(
              "swap", List.of("UPDATE @ SET id = CASE id WHEN 1 THEN 2 WHEN 2 THEN 1 ELSE id END")),
          Map.entry(
              "turn_twice",
              List.of(
                  "UPDATE @ SET id = id % 3 + 1", "UPDATE @ SET id = id % 3 + 1, v = v || '!'")),
          Map.entry(
              "duplicate_came_and_went",
              List.of("INSERT INTO @ VALUES (2, 'dup')", "DELETE FROM @ WHERE v = 'dup'")),
          Map.entry(
              "replaced",
              List.of("INSERT INTO @ VALUES (2, 'new')", "DELETE FROM @ WHERE v = 'b'")),
          Map.entry(
              "older_of_two_stays",
              List.of(
                  "INSERT INTO @ VALUES (9, 'first')",
                  "INSERT INTO @ VALUES (9, 'second')",
                  "DELETE FROM @ WHERE v = 'second'")),
          Map.entry(
              "back_where_it_was",
              List.of("UPDATE @ SET id = 3 WHERE v = 'a'", "UPDATE @ SET id = 1 WHERE v = 'a'")),
          Map.entry(
              "truncated_between",
              List.of(
                  "UPDATE @ SET id = id + 1",
                  "SET CONSTRAINTS ALL IMMEDIATE",
                  "TRUNCATE @",
                  "INSERT INTO @ VALUES (1, 'x'), (2, 'y')",
                  "UPDATE @ SET id = id + 1")),
          Map.entry(
              "altered_between",
              List.of(
                  "UPDATE @ SET id = id + 1",
                  "SET CONSTRAINTS ALL IMMEDIATE",
                  "ALTER TABLE @ ADD w int",
                  "UPDATE @ SET id = id + 1, w = 5")),
          Map.entry(
              "plain",
              List.of(
                  "INSERT INTO @ VALUES (4, 'd')",
                  "UPDATE @ SET v = 'dd' WHERE id = 4",
                  "UPDATE @ SET v = 'ddd' WHERE id = 4",
                  "DELETE FROM @ WHERE id = 1")));

  @Test
  void whichRowAKeyIsIsKnownWhenTheTransactionEnds() throws SQLException {
    String[] tables = TRANSACTIONS.keySet().toArray(String[]::new);
    try (Deployment deployment = new Deployment(tables)) {
      for (String table : tables) {
        deployment.database.execute(
            "CREATE TABLE " + table + " (id int PRIMARY KEY DEFERRABLE INITIALLY DEFERRED, v text)",
            "ALTER TABLE " + table + " REPLICA IDENTITY FULL",
            "INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b'), (3, 'c')");
      }
      deployment.drain();
      try (Connection connection = deployment.database.connect();
          Statement statement = connection.createStatement()) {
        connection.setAutoCommit(false);
        for (String table : tables) {
          for (String sql : TRANSACTIONS.get(table)) {
            statement.execute(sql.replace("@", table));
          }
          connection.commit();
        }
      }
      RunReport report = deployment.drain();
      assertThat(report.warnings())
          .filteredOn(warning -> warning.check().equals("row-keys"))
          .extracting(Finding::what)
          .singleElement()
          .asString()
          .startsWith("altered_between: It was altered in a transaction that changed rows");
      deployment.models();
      for (String table : tables) {
        List<List<String>> rows = deployment.database.query("SELECT id::text, v FROM " + table);
        assertThat(deployment.query("SELECT id, v FROM history.latest_" + table))
            .as("latest_%s", table)
            .containsExactlyInAnyOrderElementsOf(rows);
        assertThat(
                deployment.query(
                    "SELECT id, v FROM history.history_" + table + " WHERE is_current"))
            .as("history_%s", table)
            .containsExactlyInAnyOrderElementsOf(rows);
      }
      assertThat(
              deployment.changelog("raw_plain", row -> !row.get("_cdc_op").equals("r"), "id", "v"))
          .as("changes whose order is right stay as they came")
          .containsExactly("c 4 d", "u 4 dd", "u 4 ddd", "d 1 -");
      assertThat(
              deployment.changelog(
                  "raw_shift_up", row -> !row.get("_cdc_op").equals("r"), "id", "v"))
          .containsExactly("d 1 -", "u 2 a", "u 3 b", "c 4 c");
    }
  }
}
