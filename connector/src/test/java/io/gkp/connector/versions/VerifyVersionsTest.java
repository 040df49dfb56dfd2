package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.verify.Verified;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;

/** That a read knows which transactions it saw; {@code VerifyTest} has the newest version. */
class VerifyVersionsTest {
  @Test
  void aTransactionThatIsOpenDuringTheReadIsNoDifference() throws SQLException {
    try (Deployment deployment = Deployment.on(TestPostgres.version(14), "notes");
        Connection open = deployment.database.connect()) {
      deployment.database.execute(
          "CREATE TABLE notes (id int PRIMARY KEY, body text)",
          "INSERT INTO notes VALUES (1, 'a'), (2, 'b'), (3, 'c')");
      deployment.drain();
      open.setAutoCommit(false);
      open.createStatement().execute("UPDATE notes SET body = 'open' WHERE id = 1");

      Verified.of(deployment, () -> commit(open)).requireEqual();

      deployment.sql("UPDATE history.raw_notes SET body = 'wrong' WHERE id = 2");
      assertThat(Verified.of(deployment).tables().get("notes").columns()).containsOnlyKeys("body");
    }
  }

  private static void commit(Connection open) {
    try {
      open.commit();
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
