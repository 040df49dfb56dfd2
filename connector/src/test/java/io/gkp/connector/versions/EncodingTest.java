package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.testing.TestPostgres;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Values that the server cannot convert, in snapshot and stream. */
class EncodingTest {
  @ParameterizedTest
  @CsvSource({
    // A byte of Latin-1 where the server knows of no encoding
    "14, SQL_ASCII, e9, \\351, c3a9, é",
    "18, SQL_ASCII, e9, \\351, c3a9, é",
    // A place of JIS X 0208 that has no character; halves of characters that are no backslashes
    "18, EUC_JP, a9a1, \\251\\241, c6fccbdc, 日本",
    // One of the five bytes without a character
    "16, WIN1252, 5c81, \\\\\\201, 80, €",
    "15, LATIN1, , , e9, é",
    // What got in before a check was added
    "17, UTF8, c328, \\303(, efbfbd, \uFFFD",
  })
  void aValueThatIsNoTextIsKeptAndTheRunGoesOn(
      int version, String encoding, String bad, String escaped, String good, String text) {
    TestPostgres.Database database =
        TestPostgres.version(version)
            .createDatabase(
                "ENCODING '" + encoding + "' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    try (Deployment deployment = new Deployment(database, List.of(), "notes")) {
      String unreadable = bad == null ? "NULL" : raw(bad);
      database.execute(
          "CREATE CAST (bytea AS text) WITHOUT FUNCTION",
          "CREATE TABLE notes (id int PRIMARY KEY, body text, words text[])",
          "ALTER TABLE notes REPLICA IDENTITY FULL",
          "INSERT INTO notes VALUES (1, " + unreadable + ", NULL), (2, " + raw(good) + ", NULL)",
          "DO $$ BEGIN EXECUTE 'CREATE TABLE ' || quote_ident('n' || "
              + raw(encoding.equals("SQL_ASCII") ? bad : good)
              + ") || ' (id int PRIMARY KEY)'; END $$");
      deployment.drain();
      database.execute(
          "INSERT INTO notes VALUES (3, " + unreadable + ", ARRAY[" + raw(good) + ", 'b'])",
          "INSERT INTO notes VALUES (4, 'a', NULL)",
          "UPDATE notes SET body = " + unreadable + " WHERE id = 2",
          "UPDATE notes SET body = " + raw(good) + " WHERE id = 1");
      if (bad != null) {
        JsonNode next = Cli.run(deployment, "offsets", "skip", "--output", "json").json();
        assertThat(next.at("/changes/notes").asLong()).isEqualTo(1);
      }
      deployment.drain();
      deployment.models();
      assertThat(Cli.run(deployment, "doctor").out()).doesNotContain("GKP-111", "cannot convert");

      assertThat(
              deployment.query(
                  "SELECT id, body, ARRAY_TO_STRING(words, '-') FROM history.latest_notes"
                      + " ORDER BY id"))
          .isEqualTo(
              List.of(
                  Arrays.asList("1", text, ""),
                  Arrays.asList("2", null, ""),
                  Arrays.asList("3", null, text + "-b"),
                  Arrays.asList("4", "a", "")));
      List<List<String>> kept =
          deployment.query(
              "SELECT _cdc_op, id, l.column, l.text FROM history.raw_notes, UNNEST(_cdc_lossy) l"
                  + " WHERE l.reason = 'encoding' ORDER BY _cdc_batch, _cdc_row");
      assertThat(kept)
          .isEqualTo(
              bad == null
                  ? List.of()
                  : List.of(
                      List.of("r", "1", "body", escaped),
                      List.of("c", "3", "body", escaped),
                      List.of("u", "2", "body", escaped)));
    }
  }

  /** No client that wants UTF-8 gets in; it is not told that a pooler stands in between. */
  @Test
  void aDatabaseThatTheServerConvertsForNobodyIsSaidToBeThat() {
    TestPostgres.Database database =
        TestPostgres.version(18)
            .createDatabase(
                "ENCODING 'MULE_INTERNAL' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(18), "notes").through(database.url())) {
      assertThat(deployment.run().error())
          .satisfies(
              error -> {
                assertThat(error.code()).isEqualTo("GKP-111");
                assertThat(error.message()).contains("MULE_INTERNAL");
              });
    }
  }

  /** The server converts by itself there, and gives up: a snapshot, and a stream. */
  @Test
  void bothRemediesForAValueThatTheServerDoesNotConvertWork() {
    TestPostgres.Database database =
        TestPostgres.version(15)
            .createDatabase(
                "ENCODING 'EUC_JIS_2004' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0");
    try (Deployment deployment = new Deployment(database, List.of(), "notes")) {
      database.execute(
          "CREATE CAST (bytea AS text) WITHOUT FUNCTION",
          "CREATE TABLE notes (id int PRIMARY KEY, body text, good text)",
          "INSERT INTO notes VALUES (1, " + raw("8fa2a1") + ", " + raw("c6fccbdc") + ")");
      Cli snapshot = Cli.run(deployment, "export-bigquery");
      assertThat(snapshot.code()).isEqualTo(78);
      assertThat(snapshot.err()).contains("GKP-111", "--exclude-columns");
      deployment.protect(List.of("notes.body"), List.of(), null);
      deployment.drain();
      deployment.requireEqual("notes", "id", "good");

      database.execute(
          "INSERT INTO notes VALUES (2, NULL, " + raw("8fa2a1") + ")",
          "INSERT INTO notes VALUES (3, NULL, " + raw("c6fccbdc") + ")");
      Cli stream = Cli.run(deployment, "export-bigquery");
      assertThat(stream.code()).isEqualTo(78);
      assertThat(stream.err()).contains("GKP-111", "offsets skip");
      database.execute("DELETE FROM notes WHERE id = 2"); // corrected at the source
      String transaction =
          Cli.run(deployment, "offsets", "skip", "--output", "json")
              .json()
              .get("transaction")
              .asText();
      Cli skip = Cli.run(deployment, "offsets", "skip", "--transaction", transaction, "--yes");
      assertThat(skip.code()).as(skip.err()).isZero();
      deployment.drain();
      assertThat(deployment.query("SELECT id, good FROM history.latest_notes ORDER BY id"))
          .containsExactly(List.of("1", "日本"), List.of("3", "日本"));
    }
  }

  private static String raw(String hex) {
    return "'\\x" + hex + "'::bytea::text";
  }
}
