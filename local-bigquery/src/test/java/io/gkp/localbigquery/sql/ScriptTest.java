package io.gkp.localbigquery.sql;

import static io.gkp.localbigquery.sql.Sandbox.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.localbigquery.sql.statement.StatementResult;
import io.gkp.localbigquery.storage.Session;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScriptTest {
  private final Sandbox sandbox;

  ScriptTest(@TempDir Path directory) {
    this.sandbox = new Sandbox(directory);
  }

  @Test
  void statementsRunInTheirOrder() {
    StatementResult result =
        sandbox.run(
            """
            -- first; not yet
            CREATE TABLE t (id INT64, s STRING);
            INSERT t VALUES (1, 'a;b'), (2, ?);
            DELETE t WHERE id = ?;
            SELECT * FROM t;
            # done
            """,
            ValuesTest.parameter(null, "STRING", "two"),
            ValuesTest.parameter(null, "INT64", "1"));
    assertThat(result.statementType()).isEqualTo("SCRIPT");
    assertThat(Sandbox.values(result)).containsExactly(row(2L, "two"));
  }

  @Test
  void errorsPointIntoTheWholeText() {
    sandbox
        .assertFails("SELECT 1;\nSELECT 2;\nSELECT nope", "invalidQuery")
        .hasMessage("Unrecognized name: nope at [3:8]");
  }

  @Test
  void aTransactionShowsItsChangesAtItsEndAndAllTogether() {
    sandbox.table("t", "id INT64", row(1L), row(2L));
    sandbox.run(
        "BEGIN TRANSACTION; DELETE t WHERE id = 1; INSERT t VALUES (3);"
            + " INSERT t SELECT MAX(id) + 10 FROM t; COMMIT TRANSACTION;");
    assertThat(sandbox.stored("t")).containsExactly(List.of(2L), List.of(3L), List.of(13L));
  }

  @Test
  void aTransactionThatFailsOrRollsBackChangesNothing() {
    sandbox.table("t", "id INT64", row(1L));
    sandbox.assertFails(
        "BEGIN; DELETE t WHERE TRUE; INSERT t VALUES (DIV(1, 0)); COMMIT", "invalidQuery");
    sandbox.run("BEGIN; DELETE t WHERE TRUE; ROLLBACK");
    assertThat(sandbox.stored("t")).containsExactly(List.of(1L));
  }

  @Test
  void aTransactionChangesManyTables() {
    sandbox.table("t", "id INT64", row(1L));
    sandbox.table("u", "id INT64", row(1L));
    sandbox.run("BEGIN; INSERT t VALUES (2); INSERT u SELECT MAX(id) FROM t; COMMIT");
    assertThat(sandbox.stored("u")).containsExactly(List.of(1L), List.of(2L));
    sandbox.assertFails("BEGIN; DELETE u WHERE TRUE; DROP TABLE t; COMMIT", "invalidQuery");
    assertThat(sandbox.stored("u")).hasSize(2);
  }

  @Test
  void aTransactionYieldsToChangesByOthers() {
    sandbox.table("t", "id INT64", row(1L));
    try (Session session = sandbox.warehouse.session()) {
      session.begin();
      sandbox.warehouse.change(
          session,
          Sandbox.reference("t"),
          (rows, beforeRemoval) -> session.update("DELETE FROM " + rows));
      sandbox.warehouse.append(Sandbox.reference("t"), List.<Object[]>of(row(9L)).iterator());
      assertThatThrownBy(() -> sandbox.warehouse.commit(session))
          .hasMessageContaining("concurrent update");
    }
    assertThat(sandbox.stored("t")).containsExactly(List.of(1L), List.of(9L));
  }
}
