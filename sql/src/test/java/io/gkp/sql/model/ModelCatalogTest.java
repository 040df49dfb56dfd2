package io.gkp.sql.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelCatalogTest {
  @TempDir private Path root;

  @Test
  void namesEveryProblemOfEveryModelAtOnce() throws IOException {
    write(
        "curated/bare",
        """
        kind: view
        columns:
          - {name: a, type: INT64, description: ""}
          - {name: a, description: "Again."}
        checks:
          - {name: two_rules, severity: fail, holds: "TRUE", not_null: [a]}
          - {name: elsewhere, severity: fail, references: {column: a, to: docs, key: doc_id}}
        """,
        "SELECT 1 AS a");
    write("marts/typo", "kind: table\ndescriptoin: x\n", "SELECT 1 AS a");

    assertThatThrownBy(() -> ModelCatalog.read(root))
        .isInstanceOf(InvalidModelException.class)
        .extracting(Throwable::getMessage)
        .asString()
        .contains("curated/bare: description is missing")
        .contains("curated/bare: grain is missing")
        .contains("curated/bare: unique_key is missing")
        .contains("curated/bare: tiebreak is missing")
        .contains("curated/bare: column a has no description")
        .contains("curated/bare: column a is listed twice")
        .contains("curated/bare: column a has no type")
        .contains("curated/bare: check two_rules must have exactly one rule")
        .contains("curated/bare: check elsewhere refers to a model that the model does not read")
        .contains("marts/typo: Unrecognized field \"descriptoin\"");
  }

  @Test
  void keysAndLayoutsNameColumnsThatExist() throws IOException {
    write(
        "marts/odd",
        """
        kind: table
        description: Odd.
        grain: one thing
        unique_key: [id]
        tiebreak: none
        partition: {by: day, reason: because}
        cluster: {by: [b]}
        columns:
          - {name: a, type: INT64, description: "A."}
        """,
        "SELECT 1 AS a");

    assertThatThrownBy(() -> ModelCatalog.read(root))
        .hasMessageContaining("marts/odd: unique_key names the unknown column id")
        .hasMessageContaining("marts/odd: partition names the unknown column day")
        .hasMessageContaining("marts/odd: cluster names the unknown column b")
        .hasMessageContaining("marts/odd: cluster has no reason");
  }

  @Test
  void aModelKnowsWhatItReads() {
    assertThat(ModelCatalog.bundled().get("marts_ops_weekly_kpis").references())
        .containsExactly("curated_query_logs", "curated_ingestion_runs", "marts_eval_runs");
  }

  private void write(String folder, String metadata, String query) throws IOException {
    Path path = Files.createDirectories(root.resolve(folder));
    Files.writeString(path.resolve("model.yaml"), metadata);
    Files.writeString(path.resolve("query.sql"), query);
  }
}
