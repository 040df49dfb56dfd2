package io.gkp.connector.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gkp.connector.cli.Cli;
import io.gkp.connector.export.Deployment;
import io.gkp.failure.ExitCode;
import io.gkp.failure.Failure;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is larger than a run's memory, written by those who may and by those who may not. */
class HugeValuesTest {
  private static final List<String> SMALL_HEAP = List.of("-Xmx80m");

  @Test
  void messagesOfOthersCostNothingAndWhatIsTooLargeIsNamedAndCanBeSkipped() throws Exception {
    try (Deployment deployment = new Deployment("notes")) {
      deployment.database.execute(
          "CREATE TABLE notes (id int PRIMARY KEY, body text)",
          "CREATE TABLE other (id int PRIMARY KEY, body text)");
      deployment.drain();
      deployment.database.execute(
          "SELECT pg_logical_emit_message(true, 'x', repeat('a', 50000000))",
          "INSERT INTO notes VALUES (1, 'a')");
      assertThat(export(deployment)).isZero();

      deployment.database.execute(
          "ALTER PUBLICATION gkp_export ADD TABLE other",
          "INSERT INTO other VALUES (1, repeat('a', 50000000))",
          "INSERT INTO notes VALUES (2, 'b')");
      assertThat(export(deployment)).isEqualTo(ExitCode.INTERNAL);
      JsonNode pending = Cli.run(deployment, "offsets", "skip", "--output", "json").json();
      assertThat(pending.at("/changes/notes").asLong()).isEqualTo(1);
      assertThat(pending.at("/before/0/others/public.other").asLong()).isEqualTo(1);
      skip(deployment, pending.at("/before/0/transaction").asText());
      assertThat(export(deployment)).isZero();
      deployment.requireEqual("notes", "id", "body");

      deployment.database.execute(
          "INSERT INTO notes VALUES (3, repeat('a', 50000000))",
          "INSERT INTO notes VALUES (4, 'd')");
      assertThat(export(deployment)).isEqualTo(ExitCode.INTERNAL);
      skip(
          deployment,
          Cli.run(deployment, "offsets", "skip", "--output", "json")
              .json()
              .get("transaction")
              .asText());
      assertThat(export(deployment)).isZero();
      assertThat(deployment.changelog("raw_notes", "id")).containsExactly("c 1", "c 2", "c 4");

      // A snapshot's reader meets it too.
      Cli.run(deployment, "offsets", "reset", "--table", "notes", "--yes");
      assertThat(export(deployment)).isEqualTo(ExitCode.INTERNAL);
    }
  }

  private static void skip(Deployment deployment, String transaction) {
    Cli skipped = Cli.run(deployment, "offsets", "skip", "--transaction", transaction, "--yes");
    assertThat(skipped.code()).as(skipped.err()).isZero();
  }

  /** The exit code; one that is out of memory says so. */
  private static int export(Deployment deployment) throws Exception {
    try (ChildRun run = ChildRun.start(deployment, Map.of(), SMALL_HEAP)) {
      int code = run.exitCode();
      assertThat(run.log())
          .satisfies(
              log -> {
                if (code == ExitCode.INTERNAL) {
                  assertThat(log).contains(Failure.OUT_OF_MEMORY.code(), "-Xmx");
                }
              });
      return code;
    }
  }
}
