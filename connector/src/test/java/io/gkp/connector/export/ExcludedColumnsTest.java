package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.offsets.Request;
import io.gkp.offsets.Requests;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class ExcludedColumnsTest {
  @Test
  void aColumnThatThePublicationLeavesOutIsInNeitherSnapshotNorStreamNorBackfill() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY, secret text, name text)",
          "CREATE PUBLICATION gkp_export FOR TABLE items (id, name)",
          "INSERT INTO items VALUES (1, 'hidden', 'one')");
      deployment.drain();
      deployment.database.execute("INSERT INTO items VALUES (2, 'hidden', 'two')");
      new Requests(deployment.controlStore())
          .record(
              Request.of(
                  "a", Request.Kind.BACKFILL, "items", "id = 1", Instant.now(), "somebody", null));
      deployment.drain();
      assertThat(deployment.changelog("raw_items", "id", "secret", "name"))
          .containsExactly("r 1 - one", "c 2 - two", "r 1 - one");
      assertThat(deployment.raw("raw_items").toString()).doesNotContain("hidden");
      assertThat(
              deployment
                  .bigquery()
                  .getTable("history", "raw_items")
                  .getDefinition()
                  .getSchema()
                  .getFields())
          .extracting(field -> field.getName())
          .doesNotContain("secret");
    }
  }
}
