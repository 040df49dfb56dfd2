package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.export.RunReport;
import io.gkp.testing.TestPostgres;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Generated columns: what the stream does not bring, the snapshot does not bring either. */
class GeneratedColumnsTest {
  private static final int SENT_SINCE = 18;

  static IntStream versions() {
    return Versions.thatDiffer();
  }

  @ParameterizedTest
  @MethodSource("versions")
  void whatDoesNotArriveIsNotExportedAndSaid(int version) {
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(version), "sums", "keyed", "including")) {
      if (version < SENT_SINCE) { // views do not depend on the source's version
        deployment.withoutViews();
      }
      deployment.database.execute(
          "CREATE TABLE sums (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a * 2) STORED, c text)",
          "CREATE TABLE keyed (a int, b int GENERATED ALWAYS AS (a * 2) STORED, c text,"
              + " PRIMARY KEY (a, b))",
          "CREATE TABLE including (a int, b int, c text, PRIMARY KEY (a) INCLUDE (b))",
          "INSERT INTO sums (a, c) VALUES (1, 'x')",
          "INSERT INTO keyed (a, c) VALUES (1, 'x')",
          "INSERT INTO including VALUES (1, 2, 'x'), (2, 2, 'y')",
          "CREATE PUBLICATION gkp_export FOR TABLE sums, keyed, including");
      RunReport first = deployment.drain();
      assertThat(said(first))
          .containsExactly(
              "Generated columns of sums do not arrive, and are not exported: b.",
              "Generated columns of keyed do not arrive, and are not exported: b.",
              "The key of keyed holds generated columns that do not arrive: b.");
      deployment.database.execute(
          "INSERT INTO sums (a, c) VALUES (2, 'y')",
          "UPDATE sums SET c = 'z' WHERE a = 1",
          "INSERT INTO keyed (a, c) VALUES (2, 'y')",
          "UPDATE including SET b = 3 WHERE a = 1",
          "DELETE FROM including WHERE a = 2");
      if (version < SENT_SINCE) { // 18 refuses what would be sent without its key
        deployment.database.execute("DELETE FROM keyed WHERE a = 1");
      }
      assertThat(said(deployment.drain())).isEqualTo(said(first));
      deployment.requireLatest("sums", "a", "c");
      deployment.requireLatest("including", "a", "b", "c");
      assertThat(deployment.raw("raw_sums")).noneMatch(row -> row.containsKey("b"));
      assertThat(deployment.tableNames("latest_"))
          .as("rows are not told apart by a part of a key")
          .doesNotContain("latest_keyed");

      // What the findings advise.
      deployment.database.execute(
          "CREATE UNIQUE INDEX keyed_a ON keyed (a)",
          "ALTER TABLE keyed REPLICA IDENTITY USING INDEX keyed_a");
      first.warnings().stream()
          .flatMap(warning -> warning.sql().stream())
          .distinct()
          .forEach(sql -> deployment.database.execute(sql));
      RunReport mended = deployment.drain();
      deployment.database.execute(
          "UPDATE sums SET a = 5 WHERE a = 1", "UPDATE keyed SET c = 'w' WHERE a = 2");
      deployment.drain();
      deployment.requireLatest("keyed", "a", "c");
      if (version < SENT_SINCE) {
        assertThat(said(mended)).hasSize(2).noneMatch(what -> what.startsWith("The key"));
      } else {
        assertThat(said(mended)).isEmpty();
        deployment.requireEqual("sums", "a", "b", "c");
        deployment.requireEqual("keyed", "a", "b", "c");
      }
    }
  }

  /** As long as nobody else has created the publication. */
  @Test
  void theyArriveByTheRunsOwnPublicationWhereTheServerCanSendThem() {
    try (Deployment deployment = Deployment.on(TestPostgres.version(SENT_SINCE), "sums")) {
      deployment.database.execute(
          "CREATE TABLE sums (a int PRIMARY KEY, b int GENERATED ALWAYS AS (a * 2) STORED, c text)",
          "INSERT INTO sums (a, c) VALUES (1, 'x')");
      assertThat(said(deployment.drain())).isEmpty();
      deployment.database.execute(
          "INSERT INTO sums (a, c) VALUES (2, 'y')", "UPDATE sums SET a = 3 WHERE a = 1");
      assertThat(said(deployment.drain())).isEmpty();
      deployment.requireEqual("sums", "a", "b", "c");
    }
  }

  private static List<String> said(RunReport report) {
    return report.warnings().stream()
        .filter(warning -> warning.check().equals("generated-columns"))
        .map(Finding::what)
        .toList();
  }
}
