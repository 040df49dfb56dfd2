package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import io.gkp.connector.cli.Cli;
import io.gkp.offsets.Request;
import io.gkp.offsets.Requests;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** Values of protected columns on their way from Postgres to raw, and what guards them. */
class ProtectedColumnsTest {
  private static final String SALT = "a salt that nobody can guess";
  private static final String OTHER_SALT = "another salt that nobody can guess";

  private static final String PEOPLE =
      "CREATE TABLE people (id int PRIMARY KEY, email text, phones text[], note text, level int)";
  private static final List<String> NONE = List.of();

  private static String hash(String salt, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(salt.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (java.security.GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void backfill(Deployment deployment, String condition) {
    new Requests(deployment.controlStore())
        .record(
            Request.of(
                "b" + condition.hashCode(),
                Request.Kind.BACKFILL,
                "people",
                condition,
                Instant.now(),
                "somebody",
                null));
  }

  private static Field field(Deployment deployment, String name) {
    FieldList fields =
        deployment
            .bigquery()
            .getTable("history", "raw_people")
            .getDefinition()
            .getSchema()
            .getFields();
    return fields.get(name);
  }

  @Test
  void valuesAreHashedAndLeftOutAlikeInSnapshotStreamAndBackfill() {
    try (Deployment deployment = new Deployment("people").withoutViews()) {
      deployment.protect(
          List.of("people.note"), List.of("people.id", "people.email", "people.phones"), SALT);
      deployment.database.execute(
          PEOPLE,
          "CREATE PUBLICATION gkp_export FOR TABLE people",
          "INSERT INTO people VALUES (1, 'ann@example.org', '{112,NULL}', 'clear-note', 1)");
      deployment.drain();
      deployment.database.execute(
          "INSERT INTO people VALUES (2, 'ann@example.org', '{112,NULL}', 'clear-note', 1)",
          "INSERT INTO people VALUES (3, NULL, NULL, NULL, NULL)",
          "UPDATE people SET level = 2 WHERE id = 2",
          "DELETE FROM people WHERE id = 2");
      backfill(deployment, "level = 1");
      deployment.drain();

      String ann = hash(SALT, "ann@example.org");
      String phones = hash(SALT, "{112,NULL}");
      assertThat(deployment.changelog("raw_people", "id", "email", "phones", "note", "level"))
          .containsExactly(
              "r " + hash(SALT, "1") + " " + ann + " " + phones + " - 1",
              "c " + hash(SALT, "2") + " " + ann + " " + phones + " - 1",
              "c " + hash(SALT, "3") + " - - - -",
              "u " + hash(SALT, "2") + " " + ann + " " + phones + " - 2",
              "d " + hash(SALT, "2") + " - - - -",
              "r " + hash(SALT, "1") + " " + ann + " " + phones + " - 1");
      assertThat(deployment.raw("raw_people"))
          .allSatisfy(row -> assertThat(row).doesNotContainKeys("_cdc_lossy", "_cdc_unavailable"));
      assertThat(field(deployment, "email").getDescription())
          .matches("Postgres column \"email\", text, number \\d+; HMAC-SHA-256, salt [0-9a-f]{8}");
      assertThat(field(deployment, "note").getDescription())
          .matches("Postgres column \"note\", text, number \\d+; excluded from the export");
    }
  }

  @Test
  void aWideHashedValueThatWasNotSentStaysUnknownAndALaterRowHasItsHash() {
    try (Deployment deployment = new Deployment("people").withoutViews()) {
      deployment.protect(NONE, List.of("people.note"), SALT);
      deployment.database.execute(PEOPLE, "ALTER TABLE people ALTER note SET STORAGE EXTERNAL");
      deployment.drain();
      deployment.database.execute(
          "INSERT INTO people (id, note, level) VALUES (1, repeat('wide', 5000), 1)",
          "UPDATE people SET level = 2");
      deployment.drain();
      String wide = hash(SALT, "wide".repeat(5000));
      assertThat(deployment.changelog("raw_people", "note", "_cdc_unavailable", "level"))
          .containsExactly("c " + wide + " - 1", "u - [note] 2");
    }
  }

  @Test
  void rowsWithoutAKeyAndRenamesShowNoClearValueEither() {
    try (Deployment deployment = new Deployment("people").withoutViews()) {
      deployment.protect(List.of("people.note"), List.of("people.email"), SALT);
      deployment.database.execute(
          "CREATE TABLE people (email text, note text, level int)",
          "ALTER TABLE people REPLICA IDENTITY FULL");
      deployment.drain();
      deployment.database.execute(
          "INSERT INTO people VALUES ('clear@example.org', 'clear-note', 1)",
          "DELETE FROM people",
          "INSERT INTO people VALUES ('clear@example.org', 'clear-note', 2)",
          "ALTER TABLE people RENAME email TO mail",
          "ALTER TABLE people RENAME note TO remark");
      assertThat(deployment.run().error().message()).contains("people.email", "does not exist");
      deployment.protect(List.of("people.remark"), List.of("people.mail"), SALT);
      deployment.drain();
      assertThat(deployment.raw("raw_people").toString()).doesNotContain("clear");
      assertThat(deployment.changelog("raw_people", "level"))
          .containsExactly("c 1", "d 1", "c 2", "r 2");
    }
  }

  @Test
  void anotherSaltOrProtectionNeedsANewSnapshotAndAnalystsNeverSeeBothInOneEpoch() {
    try (Deployment deployment = new Deployment("people").withoutViews()) {
      deployment.database.execute(PEOPLE, "INSERT INTO people (id, email) VALUES (1, 'a')");
      deployment.drain();
      deployment.database.execute("INSERT INTO people (id, email) VALUES (2, 'b')");

      deployment.protect(NONE, List.of("people.email"), SALT);
      refusedUntilReset(deployment);
      assertThat(deployment.latest("people", "id", "email"))
          .containsExactly("1 " + hash(SALT, "a"), "2 " + hash(SALT, "b"));

      deployment.protect(NONE, List.of("people.email"), OTHER_SALT);
      refusedUntilReset(deployment);
      assertThat(deployment.latest("people", "id", "email"))
          .containsExactly("1 " + hash(OTHER_SALT, "a"), "2 " + hash(OTHER_SALT, "b"));

      deployment.protect(List.of("people.email"), NONE, null);
      refusedUntilReset(deployment);
      assertThat(deployment.latest("people", "id", "email")).containsExactly("1 -", "2 -");

      deployment.protect(NONE, NONE, null);
      refusedUntilReset(deployment);
      assertThat(deployment.latest("people", "id", "email")).containsExactly("1 a", "2 b");
      assertThat(field(deployment, "email").getDescription())
          .matches("Postgres column \"email\", text, number \\d+");
    }
  }

  private static void refusedUntilReset(Deployment deployment) {
    int rows = deployment.raw("raw_people").size();
    RunReport refused = deployment.run();
    assertThat(refused.error().code()).isEqualTo("GKP-003");
    assertThat(refused.error().message()).contains("raw_people", "email");
    assertThat(refused.error().remedy()).contains("offsets reset --table people");
    assertThat(deployment.raw("raw_people")).hasSize(rows);
    assertThat(Cli.run(deployment, "doctor", "--all").out()).contains(refused.error().message());
    assertThat(Cli.run(deployment, "offsets", "reset", "--table", "people", "--yes").code())
        .isZero();
    deployment.drain();
  }

  @Test
  void aNumberThatIsHashedGetsAFieldOfItsOwnAndAKeyANewTable() {
    try (Deployment deployment = new Deployment("people").withoutViews()) {
      deployment.database.execute(PEOPLE, "INSERT INTO people (id, level) VALUES (1, 7)");
      deployment.drain();
      deployment.protect(NONE, List.of("people.level"), SALT);
      assertThat(deployment.run().error().code()).isEqualTo("GKP-003");
      Cli.run(deployment, "offsets", "reset", "--table", "people", "--yes");
      deployment.drain();
      assertThat(deployment.changelog("raw_people", "level", "level__string"))
          .containsExactly("r 7 -", "r - " + hash(SALT, "7"));

      deployment.protect(NONE, List.of("people.level", "people.id"), SALT);
      Cli.run(deployment, "offsets", "reset", "--table", "people", "--yes");
      assertThat(deployment.run().error().remedy()).contains("bq rm -t history.raw_people");
      deployment.sql("DROP TABLE history.raw_people");
      deployment.drain();
      assertThat(deployment.changelog("raw_people", "id", "level"))
          .containsExactly("r " + hash(SALT, "1") + " " + hash(SALT, "7"));
    }
  }

  @Test
  void columnsThatDoNotExistOrAreTheKeyAreRefusedWithASuggestion() {
    try (Deployment deployment = new Deployment("people").withoutViews()) {
      deployment.database.execute(PEOPLE);
      deployment.protect(NONE, List.of("people.emial"), SALT);
      RunReport.Error unknown = deployment.run().error();
      assertThat(unknown.code()).isEqualTo("GKP-003");
      assertThat(unknown.message() + unknown.remedy())
          .contains("people.emial", "Did you mean email?");
      deployment.protect(List.of("people.id"), NONE, null);
      RunReport.Error key = deployment.run().error();
      assertThat(key.code()).isEqualTo("GKP-003");
      assertThat(key.message() + key.remedy()).contains("people.id", "key", "--hash-columns");
      assertThat(deployment.bigquery().getTable("history", "raw_people")).isNull();
    }
  }

  @Test
  void theRunsOwnPublicationKeepsExcludedColumnsInsideTheDatabase() throws Exception {
    try (Deployment deployment = new Deployment("people").withoutViews()) {
      deployment.protect(List.of("people.note", "people.phones"), NONE, null);
      deployment.database.execute(PEOPLE, "INSERT INTO people (id, note) VALUES (1, 'clear')");
      deployment.drain();
      deployment.database.execute("INSERT INTO people (id, note) VALUES (2, 'clear')");
      deployment.drain();
      assertThat(published(deployment)).isEqualTo("{id,email,level}");
      assertThat(deployment.changelog("raw_people", "id", "note"))
          .containsExactly("r 1 -", "c 2 -");
      assertThat(deployment.raw("raw_people").toString()).doesNotContain("_cdc_lossy");
      assertThat(Cli.run(deployment, "doctor", "--all").out())
          .contains("Postgres sends no excluded column");
    }
  }

  @Test
  void doctorNamesTheStatementThatKeepsAnExcludedColumnInsideTheDatabase() throws Exception {
    try (Deployment deployment = new Deployment("people").withoutViews()) {
      deployment.protect(List.of("people.note"), NONE, null);
      deployment.database.execute(PEOPLE, "CREATE PUBLICATION gkp_export FOR TABLE people");
      deployment.drain();
      deployment.database.execute("INSERT INTO people (id, note) VALUES (1, 'clear')");
      Cli doctor = Cli.run(deployment, "doctor");
      assertThat(doctor.out())
          .contains("WARNING excluded-columns-sent", "Postgres sends people.note to the export");
      String sql =
          Cli.run(deployment, "doctor", "--fix-sql")
              .out()
              .lines()
              .filter(line -> line.contains("ALTER PUBLICATION"))
              .findFirst()
              .orElseThrow();
      deployment.database.execute(sql);
      assertThat(published(deployment)).isEqualTo("{id,email,phones,level}");
      deployment.database.execute("UPDATE people SET level = 2, note = 'clear'");
      deployment.drain();
      assertThat(deployment.changelog("raw_people", "id", "note", "level"))
          .as("the table has a new entry in the publication, so it is read anew")
          .containsExactly("c 1 - -", "u 1 - 2", "r 1 - 2");
      assertThat(Cli.run(deployment, "doctor").out()).doesNotContain("WARNING excluded");
    }
  }

  @Test
  void aRoleThatMayNotReadTheExcludedColumnIsEnough() {
    try (Deployment deployment = new Deployment("people").withoutViews()) {
      deployment.protect(List.of("people.note"), List.of("people.email"), SALT);
      deployment.database.execute(
          PEOPLE,
          "INSERT INTO people (id, note) VALUES (1, 'clear')",
          "DROP ROLE IF EXISTS narrow",
          "CREATE ROLE narrow LOGIN REPLICATION PASSWORD 'narrow'",
          "CREATE PUBLICATION gkp_export FOR TABLE people (id, email, phones, level)");
      deployment.through(deployment.database.urlAs("narrow", "narrow"));
      RunReport.Error refused = deployment.run().error();
      assertThat(refused.code()).isEqualTo("GKP-103");
      String grant = refused.remedy().replaceFirst(".*Run (GRANT .*;)", "$1");
      assertThat(grant).contains("(\"id\", \"email\", \"phones\", \"level\")");
      deployment.database.execute(grant);
      deployment.drain();
      deployment.database.execute("INSERT INTO people (id, note) VALUES (2, 'clear')");
      backfill(deployment, "id = 1");
      deployment.drain();
      assertThat(deployment.changelog("raw_people", "id", "note"))
          .containsExactly("r 1 -", "c 2 -", "r 1 -");
      deployment.database.execute("DROP OWNED BY narrow", "DROP ROLE narrow");
    }
  }

  private static String published(Deployment deployment) throws Exception {
    try (Connection connection = deployment.database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT attnames FROM pg_publication_tables WHERE pubname = 'gkp_export'")) {
      row.next();
      return row.getString(1);
    }
  }
}
