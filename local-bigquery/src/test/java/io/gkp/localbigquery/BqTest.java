package io.gkp.localbigquery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Google's command line, as a person types it. */
class BqTest {
  @Test
  void bqCreatesLoadsAsksListsAndShows(@TempDir Path folder) throws Exception {
    Optional<Tool> bq = Tool.onPath("bq", "version");
    assumeTrue(bq.isPresent(), "no bq on the path: skipped");
    Path rows = Files.writeString(folder.resolve("rows.csv"), "id,s\n1,a\n2,\n");
    String session =
        """
        mk --dataset shop
        mk --table --expiration=3600 shop.t id:INTEGER,s:STRING
        load --source_format=CSV --skip_leading_rows=1 shop.t %s
        query --use_legacy_sql=false --parameter=n:INT64:2 "SELECT id * 21, s IS NULL FROM shop.t WHERE id >= @n"
        mk --use_legacy_sql=false --view "SELECT 1 AS one" shop.v
        ls shop
        ls --projects
        ls -j -n 5
        ls --routines shop
        show shop.t
        head -n 1 shop.t
        rm -f -t shop.t
        show shop.t
        cp shop.t@0 shop.restored
        ls
        """
            .formatted(rows);
    try (LocalBigQuery server = LocalBigQuery.inMemory().start()) {
      String output =
          bq.get()
              .tell(
                  Map.of("CLOUDSDK_CONFIG", folder.toString()),
                  session,
                  "--headless",
                  "--api=" + server.host(),
                  "--project_id=clients",
                  "--oauth_access_token=local",
                  "shell");
      assertThat(output)
          .containsSubsequence(
              "Dataset 'clients:shop' successfully created.",
              "Table 'clients:shop.t' successfully created.",
              "Upload complete.",
              "|  42 | true |",
              "View 'clients:shop.v' successfully created.",
              " t ",
              " v ",
              " clients ",
              " SUCCESS ",
              "|- id: integer",
              "|  1 | a |",
              "Not found: Table clients:shop.t",
              "successfully copied to 'clients:shop.restored'",
              " shop ")
          .containsOnlyOnce("rror");
    }
  }
}
