package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.config.BatchLimits;
import io.gkp.offsets.Request;
import io.gkp.offsets.Requests;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class BackfillTest {
  private static final String ITEMS = "CREATE TABLE items (id int PRIMARY KEY, name text)";

  private static Request request(String id, String filter) {
    return Request.of(
        id, Request.Kind.BACKFILL, "items", filter, Instant.now(), "somebody", "for a test");
  }

  @Test
  void matchingRowsAreReadAgainIntoTheCurrentEpochAndOnlyThose() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.database.execute(ITEMS, "INSERT INTO items VALUES (1, 'one'), (2, 'two')");
      deployment.drain();
      deployment.database.execute("INSERT INTO items VALUES (3, 'three')");
      Requests requests = new Requests(deployment.controlStore());
      requests.record(request("a", "id >= 2"));
      requests.record(request("b", "name = 'one'"));

      RunReport run = deployment.drain();

      assertThat(deployment.changelog("raw_items", "_cdc_epoch", "_cdc_batch", "id", "name"))
          .containsExactly(
              "r 1 1 1 one",
              "r 1 1 2 two",
              "c 1 3 3 three",
              "r 1 4 2 two",
              "r 1 4 3 three",
              "r 1 5 1 one");
      assertThat(run.backfills())
          .extracting(RunReport.Backfill::requestId, RunReport.Backfill::rows)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple("a", 2L),
              org.assertj.core.groups.Tuple.tuple("b", 1L));
      assertThat(requests.all())
          .extracting(Request::state)
          .containsExactly(Request.State.DONE, Request.State.DONE);
      assertThat(requests.all().get(0).outcome().loadJobs()).hasSize(1);
      assertThat(requests.all().get(0).outcome().batch()).isEqualTo(4);

      deployment.drain();
      assertThat(deployment.raw("raw_items")).hasSize(6);
    }
  }

  @Test
  void aConditionThatFailsHalfwayFailsItsRequestAndNothingElse() {
    try (Deployment deployment =
        new Deployment("items")
            .withoutViews()
            .withLimits(new BatchLimits(1, Duration.ofMinutes(1), 1 << 20))) {
      deployment.database.execute(
          ITEMS, "INSERT INTO items SELECT i, 'n' || i FROM generate_series(1, 4) i");
      deployment.drain();
      Requests requests = new Requests(deployment.controlStore());
      requests.record(request("a", "10 / (id - 3) IS NOT NULL"));
      deployment.database.execute("UPDATE items SET name = 'two' WHERE id = 2");

      RunReport run = deployment.drain();

      assertThat(run.backfills())
          .containsExactly(new RunReport.Backfill("a", "items", false, 0, "GKP-005"));
      assertThat(requests.pending(Request.Kind.BACKFILL)).isEmpty();
      assertThat(deployment.latest("items", "id", "name"))
          .containsExactly("1 n1", "2 two", "3 n3", "4 n4");
    }
  }

  /** As somebody would who may write to the dataset and to nothing else. */
  @Test
  void whatOthersWriteIntoTheDatasetCommandsNothingAndStopsNothing() {
    try (Deployment deployment = new Deployment("items").withoutViews()) {
      deployment.protect(List.of("items.secret"), List.of(), null);
      deployment.database.execute(
          "CREATE TABLE items (id int PRIMARY KEY, name text, secret text)",
          "INSERT INTO items VALUES (1, 'one', 'marker'), (2, 'two', 'other')",
          "SELECT pg_create_logical_replication_slot('theirs', 'pgoutput')");
      deployment.drain();
      new Requests(deployment.controlStore()).record(request("good", "id = 2"));
      List<String> hostile =
          List.of(
              "name = E'a'\n'\\'' OR true) TO STDOUT; COMMIT;"
                  + " SELECT pg_drop_replication_slot('theirs') --'",
              "true) UNION SELECT id, secret, NULL FROM items WHERE (true",
              "pg_drop_replication_slot('theirs') IS NULL",
              "secret LIKE 'm%'",
              "items::text LIKE '%marker%'",
              "EXISTS (SELECT FROM pg_shadow)",
              "name = 1",
              "");
      for (String filter : hostile) {
        insert(deployment, "h" + hostile.indexOf(filter), "backfill", "requested", filter);
      }
      insert(deployment, "nothing", "backfill", "requested", null);
      insert(deployment, "x; DROP TABLE raw_items", "backfill", "requested", "id = 1");
      insert(deployment, "kind", "command", "requested", "id = 1");
      insert(deployment, "skip", "skip", "requested", null);
      insert(deployment, "state", "backfill", "begun", "id = 1");
      insert(deployment, null, null, null, null);

      RunReport run = deployment.drain();

      assertThat(run.backfills())
          .filteredOn(RunReport.Backfill::done)
          .extracting(RunReport.Backfill::requestId)
          .containsExactly("good");
      assertThat(run.backfills())
          .filteredOn(backfill -> !backfill.done())
          .hasSize(hostile.size() + 1)
          .allMatch(backfill -> "GKP-005".equals(backfill.errorCode()));
      assertThat(deployment.changelog("raw_items", "id", "secret"))
          .containsExactly("r 1 -", "r 2 -", "r 2 -");
      deployment.database.execute("SELECT pg_drop_replication_slot('theirs')");
    }
  }

  private static void insert(
      Deployment deployment, String id, String kind, String state, String filter) {
    deployment.sql(
        "INSERT INTO history.requests (request_id, kind, table_name, state, filter, changed_at)"
            + " VALUES (%s, %s, 'items', %s, %s, CURRENT_TIMESTAMP())"
                .formatted(text(id), text(kind), text(state), text(filter)));
  }

  private static String text(String value) {
    return value == null ? "NULL" : "r\"\"\"" + value + "\"\"\"";
  }
}
