package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.testing.TestPostgres;
import java.util.ArrayList;
import java.util.List;
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

  @ParameterizedTest
  @MethodSource("versions")
  void tablesThatChangeTheirShapeStayEqual(int version) {
    try (Deployment deployment = Deployment.on(TestPostgres.version(version), "notes")) {
      deployment.database.execute(
          "CREATE TABLE notes (id int PRIMARY KEY, body varchar(10), n int)",
          "INSERT INTO notes VALUES (1, 'a', 1), (2, 'b', 2)");
      deployment.drain();
      deployment.database.execute(
          "ALTER TABLE notes ADD COLUMN label text",
          "ALTER TABLE notes ALTER COLUMN body TYPE text",
          "INSERT INTO notes VALUES (3, 'c', 3, 'three')",
          "ALTER TABLE notes DROP COLUMN n",
          "UPDATE notes SET label = 'one' WHERE id = 1");
      deployment.drain();
      deployment.requireEqual("notes", "id", "body", "label");
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void partitionsComeUnderTheirRoot(int version) {
    try (Deployment deployment = Deployment.on(TestPostgres.version(version), "events")) {
      deployment.database.execute(
          "CREATE TABLE events (id int PRIMARY KEY, body text) PARTITION BY RANGE (id)",
          "CREATE TABLE events_0 PARTITION OF events FOR VALUES FROM (0) TO (10)",
          "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (10) TO (20)",
          "INSERT INTO events SELECT i, 'row ' || i FROM generate_series(1, 15) i");
      deployment.drain();
      deployment.database.execute(
          "UPDATE events SET id = 19 WHERE id = 1", // from one partition to the other
          "DELETE FROM events WHERE id = 2",
          "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (20) TO (30)",
          "INSERT INTO events VALUES (20, 'new')");
      deployment.drain();
      deployment.requireEqual("events", "id", "body");
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void publicationsOfEveryKindSendTheSame(int version) {
    List<String> publications = new ArrayList<>(List.of("FOR ALL TABLES"));
    if (version >= 15) {
      publications.add("FOR TABLES IN SCHEMA public");
      publications.add("FOR TABLE notes (id, body)");
    }
    for (String publication : publications) {
      try (Deployment deployment = Deployment.on(TestPostgres.version(version), "notes")) {
        deployment.database.execute(
            "CREATE TABLE notes (id int PRIMARY KEY, body text)",
            "INSERT INTO notes VALUES (1, 'a')",
            "CREATE PUBLICATION gkp_export " + publication);
        deployment.drain();
        deployment.database.execute("UPDATE notes SET body = 'b'", "INSERT INTO notes VALUES (2)");
        deployment.drain();
        assertThat(deployment.changelog("raw_notes", "id", "body"))
            .as(publication)
            .containsExactly("r 1 a", "u 1 b", "c 2 -");
      }
    }
  }
}
