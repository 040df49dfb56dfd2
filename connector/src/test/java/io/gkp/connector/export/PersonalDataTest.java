package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.StandardTableDefinition;
import com.google.cloud.bigquery.Table;
import com.google.cloud.bigquery.TableId;
import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.RunReport;
import io.gkp.sql.run.Selection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PersonalDataTest {
  private static final String IDENTITY = "projects/p/locations/eu/taxonomies/1/policyTags/2";
  private static final String CONTENT = "projects/p/locations/eu/taxonomies/1/policyTags/3";
  private static final PolicyTags TAGS =
      new PolicyTags(Map.of("identity", IDENTITY, "content", CONTENT));

  @Test
  void markedColumnsAreDescribedSoAndGetTheConfiguredPolicyTags() {
    try (Deployment deployment = new Deployment("query_logs")) {
      deployment.database.execute(
          "CREATE TABLE query_logs (query_id text PRIMARY KEY, principal text, question text)",
          "INSERT INTO query_logs VALUES ('q1', 'ann', 'Why?')");
      deployment.drain();

      assertThat(tags(deployment, "raw_query_logs")).isEmpty();
      assertThat(fields(deployment, "raw_query_logs").get("principal").getDescription())
          .isEqualTo(
              "Who asked; empty for anonymous access. Personal data: identity."
                  + " Postgres column \"principal\", text, number 2");

      deployment.withPolicyTags(TAGS).drain();
      assertThat(tags(deployment, "raw_query_logs"))
          .isEqualTo(Map.of("principal", IDENTITY, "question", CONTENT));

      deployment.database.execute(
          "ALTER TABLE query_logs ADD COLUMN answer text",
          "INSERT INTO query_logs VALUES ('q2', 'bob', 'What?', 'That.')");
      deployment.drain();
      Map<String, String> all =
          Map.of("principal", IDENTITY, "question", CONTENT, "answer", CONTENT);
      assertThat(tags(deployment, "raw_query_logs")).isEqualTo(all);

      runModels(deployment);
      assertThat(tags(deployment, "state_query_logs")).isEqualTo(all);
      deployment.database.execute("DELETE FROM query_logs WHERE query_id = 'q1'");
      deployment.drain();
      runModels(deployment);
      assertThat(tags(deployment, "state_query_logs")).isEqualTo(all);
      assertThat(deployment.rows("state_query_logs")).hasSize(1);
    }
  }

  private static void runModels(Deployment deployment) {
    ModelConfig config =
        new ModelConfig(
            Datasets.one(Deployment.PROJECT, Deployment.DATASET),
            Optional.empty(),
            FoldPolicy.ALWAYS,
            Optional.empty(),
            TAGS);
    RunReport report =
        ModelRunner.run(
            deployment.bigquery(),
            config,
            Selection.parse("+latest_query_logs"),
            ProgressListener.NONE);
    assertThat(report.exitCode()).isZero();
  }

  private static Map<String, String> tags(Deployment deployment, String table) {
    Map<String, String> tags = new TreeMap<>();
    fields(deployment, table)
        .forEach(
            (name, field) ->
                Optional.ofNullable(field.getPolicyTags())
                    .map(policyTags -> policyTags.getNames())
                    .orElse(List.of())
                    .forEach(tag -> tags.put(name, tag)));
    return tags;
  }

  private static Map<String, Field> fields(Deployment deployment, String name) {
    Table table =
        deployment.bigquery().getTable(TableId.of(Deployment.PROJECT, Deployment.DATASET, name));
    Map<String, Field> fields = new TreeMap<>();
    table
        .<StandardTableDefinition>getDefinition()
        .getSchema()
        .getFields()
        .forEach(field -> fields.put(field.getName(), field));
    return fields;
  }
}
