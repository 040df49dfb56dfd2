package io.gkp.connector.versions;

import io.gkp.connector.export.Deployment;
import io.gkp.testing.TestPostgres;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an export does on every version of PostgreSQL that is promised. */
class EveryVersionTest {
  static IntStream versions() {
    return TestPostgres.versions();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void snapshotAndStreamEndInTheSourcesRows(int version) {
    try (Deployment deployment = Deployment.on(TestPostgres.version(version), "notes")) {
      deployment.database.execute(
          "CREATE TABLE notes (id int PRIMARY KEY, body text)",
          "INSERT INTO notes VALUES (1, 'a'), (2, 'b'), (3, NULL)");
      deployment.drain();
      deployment.database.execute(
          "UPDATE notes SET body = 'c' WHERE id = 1",
          "UPDATE notes SET id = 20 WHERE id = 2",
          "DELETE FROM notes WHERE id = 3",
          "INSERT INTO notes VALUES (4, 'd')");
      deployment.drain();
      deployment.requireEqual("notes", "id", "body");
    }
  }
}
