package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.TestPostgres;
import org.junit.jupiter.api.Test;

/** Tables that are partitions for a while, between one run and the next. */
class ReattachedTest {
  @Test
  void endAsTheSourceHasThem() {
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(15), "again", "root", "leaf", "emptied", "cut", "kept")
            .withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE again (id int PRIMARY KEY, v text) PARTITION BY RANGE (id)",
          "CREATE TABLE root (LIKE again INCLUDING ALL) PARTITION BY RANGE (id)",
          "CREATE TABLE leaf (LIKE again INCLUDING ALL)",
          "CREATE TABLE emptied (LIKE again INCLUDING ALL)",
          "CREATE TABLE cut (LIKE again INCLUDING ALL)",
          "CREATE TABLE kept (LIKE again INCLUDING ALL) PARTITION BY RANGE (id)",
          "CREATE TABLE beside (LIKE again INCLUDING ALL)",
          "INSERT INTO leaf VALUES (1, 'a'), (2, 'b')",
          "INSERT INTO emptied VALUES (101, 'a')",
          "INSERT INTO cut VALUES (1, 'a')");
      deployment.drain();
      deployment.database.execute(
          "CREATE TABLE again_1 PARTITION OF again FOR VALUES FROM (0) TO (10)",
          "INSERT INTO again VALUES (1, 'a'), (2, 'b')",
          "ALTER TABLE again DETACH PARTITION again_1",
          "DELETE FROM again_1 WHERE id = 1",
          "ALTER TABLE again ATTACH PARTITION again_1 FOR VALUES FROM (0) TO (10)",
          // Under an entry of its own in the publication, and sent as the root's all the same.
          "ALTER TABLE root ATTACH PARTITION leaf FOR VALUES FROM (0) TO (10)",
          "UPDATE root SET v = 'unseen' WHERE id = 1",
          "INSERT INTO root VALUES (3, 'unseen')",
          "ALTER TABLE root DETACH PARTITION leaf",
          "ALTER TABLE root ATTACH PARTITION emptied FOR VALUES FROM (100) TO (110)",
          "TRUNCATE root",
          "ALTER TABLE root DETACH PARTITION emptied",
          // Nothing of these is a reason to read a table.
          "ALTER PUBLICATION gkp_export ADD TABLE beside",
          "TRUNCATE cut, beside",
          """
          DO $$ BEGIN
            BEGIN
              CREATE TABLE kept_1 PARTITION OF kept FOR VALUES FROM (0) TO (10);
            EXCEPTION WHEN unique_violation THEN NULL;
            END;
            INSERT INTO kept VALUES (1, 'a');
          END $$
          """);
      RunReport mended = deployment.drain();
      for (String table : new String[] {"again", "root", "leaf", "emptied", "cut", "kept"}) {
        deployment.requireLatest(table, "id", "v");
      }
      assertThat(mended.tables().get("cut").snapshotRows()).isZero();
      assertThat(mended.warnings())
          .noneMatch(
              warning -> warning.what().contains("cut") || warning.what().startsWith("kept"));
      RunReport idle = deployment.drain();
      assertThat(idle.warnings()).isEmpty();
      assertThat(idle.tables().values()).allMatch(table -> table.snapshotRows() == 0);
    }
  }
}
