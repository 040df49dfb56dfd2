package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import org.junit.jupiter.api.Test;

/** Tables whose rows are partly in other tables. */
class InheritanceTest {
  @Test
  void childrenAreCapturedToo() {
    try (Deployment deployment = new Deployment("parents").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE parents (id int PRIMARY KEY, v text)",
          "CREATE TABLE children (PRIMARY KEY (id)) INHERITS (parents)",
          "INSERT INTO parents VALUES (1, 'own')",
          "INSERT INTO children VALUES (2, 'child')");
      RunReport refused = deployment.run();
      assertThat(refused.error().code()).isEqualTo("GKP-117");
      assertThat(refused.error().remedy()).contains("--tables parents,children");
      assertThat(deployment.database.query("SELECT FROM pg_publication"))
          .as("nothing that was not asked for is published")
          .isEmpty();

      deployment.capture("parents", "children");
      assertThat(deployment.drain().warnings())
          .extracting(Finding::check)
          .containsExactly("child-tables");
      deployment.database.execute(
          "UPDATE parents SET v = v || ' changed'", "INSERT INTO children VALUES (3, 'new')");
      deployment.drain();
      assertThat(deployment.latest("parents", "id", "v")).containsExactly("1 own changed");
      assertThat(deployment.latest("children", "id", "v"))
          .containsExactly("2 child changed", "3 new");

      deployment.database.execute("CREATE TABLE later () INHERITS (children)");
      assertThat(deployment.run().error().code()).isEqualTo("GKP-117");
      deployment.database.execute("ALTER TABLE later NO INHERIT children");
      deployment.drain();
    }
  }

  @Test
  void aParentIsPublishedWithoutItsChildren() {
    try (Deployment deployment = new Deployment("children").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE parents (id int PRIMARY KEY, v text)",
          "CREATE TABLE children (PRIMARY KEY (id)) INHERITS (parents)",
          "INSERT INTO parents VALUES (1, 'own')",
          "INSERT INTO children VALUES (2, 'child')");
      deployment.drain();
      deployment.capture("children", "parents");
      deployment.drain();
      assertThat(deployment.latest("parents", "id", "v")).containsExactly("1 own");
      assertThat(deployment.latest("children", "id", "v")).containsExactly("2 child");
    }
  }

  @Test
  void hypertablesAreRefused() {
    try (Deployment deployment = new Deployment("metrics").withoutViews()) {
      deployment.database.execute(
          "CREATE TABLE metrics (id int PRIMARY KEY, v text)",
          "CREATE SCHEMA _timescaledb_internal",
          "CREATE TABLE _timescaledb_internal._hyper_1_1_chunk () INHERITS (metrics)");
      assertThat(deployment.run().error().code()).isEqualTo("GKP-118");
    }
  }

  @Test
  void foreignPartitionsAreTold() {
    try (Deployment deployment = new Deployment("events").withoutViews()) {
      deployment.database.execute(
          "CREATE EXTENSION postgres_fdw",
          "CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw OPTIONS (dbname '"
              + deployment.database.name()
              + "', port '"
              + deployment.database.query("SHOW port").get(0).get(0)
              + "', host '127.0.0.1')",
          "CREATE USER MAPPING FOR CURRENT_USER SERVER elsewhere OPTIONS (user 'postgres',"
              + " password 'postgres')",
          "CREATE TABLE archive (id int, v text)",
          "INSERT INTO archive VALUES (20, 'old')",
          "CREATE TABLE events (id int, v text) PARTITION BY RANGE (id)",
          "CREATE TABLE events_0 PARTITION OF events FOR VALUES FROM (0) TO (10)",
          "CREATE FOREIGN TABLE events_2 PARTITION OF events FOR VALUES FROM (20) TO (30)"
              + " SERVER elsewhere OPTIONS (table_name 'archive')",
          "ALTER TABLE events REPLICA IDENTITY FULL",
          "ALTER TABLE events_0 REPLICA IDENTITY FULL");
      assertThat(deployment.drain().warnings())
          .extracting(Finding::what)
          .contains("Partitions of events are foreign tables: events_2.");
    }
  }
}
