package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryJobConfiguration;
import io.gkp.connector.checks.Finding;
import io.gkp.connector.cli.Cli;
import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelResult;
import io.gkp.sql.run.ModelResult.Outcome;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.RunReport;
import io.gkp.sql.run.Selection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Tables with keys and names that SQL written without thinking of them would trip over. */
class OddTablesTest {
  private static final String[] TABLES = {
    "two_keys", "\"Odd Case\"", "other.orders", "nothing", "working_names", "no_key", "bytes_key"
  };

  @Test
  void haveStatesLatestRowsAndHistories() throws InterruptedException {
    try (Deployment deployment = new Deployment(TABLES)) {
      createTables(deployment);
      deployment.drain();
      assertThat(outcomes(runModels(deployment, FoldPolicy.ALWAYS)).values())
          .containsOnly(Outcome.DONE, Outcome.SKIPPED);
      changeTables(deployment);
      deployment.drain();

      RunReport notFolded = runModels(deployment, FoldPolicy.NEVER);
      assertThat(reasons(notFolded, "latest_no_key")).contains("no_key has no primary key");
      assertThat(reasons(notFolded, "latest_bytes_key"))
          .contains("one that BigQuery does not take");
      assertEverything(deployment);
      Map<String, Outcome> folded = outcomes(runModels(deployment, FoldPolicy.ALWAYS));
      assertThat(folded)
          .containsEntry("state_two_keys", Outcome.DONE)
          .containsEntry("state_other__orders", Outcome.DONE)
          .containsEntry("history_nothing", Outcome.DONE)
          .doesNotContainKey("state_nothing");
      assertEverything(deployment);
    }
  }

  @Test
  void whatCannotStayEqualIsSaid() {
    try (Deployment deployment = new Deployment("floats", "labels")) {
      deployment.database.execute(
          "CREATE TABLE floats (id float8 PRIMARY KEY)",
          "CREATE TYPE named AS (kind regtype)",
          "CREATE DOMAIN names AS named[]",
          "CREATE TABLE labels (id int PRIMARY KEY, t regclass, r regrole[], v int4range, n names)");
      List<Finding> warnings = deployment.drain().warnings();
      assertThat(warnings)
          .extracting(Finding::what)
          .containsExactlyInAnyOrder(
              "BigQuery takes no key like that of floats.",
              "Columns of labels hold tables, roles or the like, and print their names: t, r, n.");
      assertThat(Cli.run(deployment, "doctor", "--all").out())
          .contains(warnings.stream().map(Finding::what).toList());
    }
  }

  private static void createTables(Deployment deployment) {
    deployment.database.execute(
        "CREATE TABLE two_keys (\"group\" text, \"Order\" int, \"select\" text, PRIMARY KEY"
            + " (\"group\", \"Order\"))",
        "INSERT INTO two_keys VALUES ('a', 1, 'x'), ('a', 2, 'y'), ('b', 1, 'z')",
        "CREATE TABLE \"Odd Case\" (\"Id\" int PRIMARY KEY, \"Name\" text, \"Ti-tle\" text, \"a b\" text)",
        "INSERT INTO \"Odd Case\" VALUES (1, 'one', 'ONE', 'o n e'), (2, 'two', 'TWO', 't w o')",
        "CREATE SCHEMA other",
        "CREATE TABLE other.orders (id int PRIMARY KEY, valid_from date, valid_to date)",
        "INSERT INTO other.orders VALUES (1, '2026-01-01', NULL)",
        "CREATE TABLE nothing (id int PRIMARY KEY, t text)",
        // What the generated queries call their own things.
        "CREATE TABLE working_names (epoch int, batch int, moments int, raw text, state text, is_folded"
            + " text, life_id text, ended_at text, is_current text, \"current_date\" int, latest int,"
            + " PRIMARY KEY (epoch, batch, moments, \"current_date\"))",
        "INSERT INTO working_names VALUES (1, 1, 1, 'r', 's', 'f', 'l', 'e', 'c', 1, 9)",
        "CREATE TABLE no_key (t text)",
        "ALTER TABLE no_key REPLICA IDENTITY FULL",
        "INSERT INTO no_key VALUES ('t')",
        "CREATE TABLE bytes_key (id bytea PRIMARY KEY)",
        "INSERT INTO bytes_key VALUES ('\\x01')");
  }

  private static void changeTables(Deployment deployment) {
    deployment.database.execute(
        "UPDATE two_keys SET \"select\" = 'x2' WHERE \"group\" = 'a' AND \"Order\" = 1",
        "UPDATE two_keys SET \"Order\" = 3 WHERE \"group\" = 'a' AND \"Order\" = 2",
        "DELETE FROM two_keys WHERE \"group\" = 'b'",
        "UPDATE \"Odd Case\" SET \"Ti-tle\" = 'UNO', \"a b\" = NULL WHERE \"Id\" = 1",
        "UPDATE other.orders SET valid_to = '2026-02-01'",
        "UPDATE working_names SET raw = 'r2', life_id = 'l2'",
        "INSERT INTO working_names (epoch, batch, moments, \"current_date\") VALUES (1, 1, 2, 2)");
  }

  private static void assertEverything(Deployment deployment) throws InterruptedException {
    assertThat(
            rows(
                deployment, "SELECT `group`, `Order`, `select` FROM latest_two_keys ORDER BY 1, 2"))
        .containsExactly("a 1 x2", "a 3 y");
    assertThat(
            rows(
                deployment,
                "SELECT `group`, `Order`, `select`, is_current FROM history_two_keys ORDER BY 1, 2, _cdc_batch"))
        .containsExactly("a 1 x false", "a 1 x2 true", "a 2 y false", "a 3 y true", "b 1 z false");
    String odd = deployment.tableNames("raw_Odd").get(0).substring("raw_".length());
    assertThat(
            rows(deployment, "SELECT * EXCEPT (" + CDC + ") FROM `latest_" + odd + "` ORDER BY 1"))
        .containsExactly("1 one UNO null", "2 two TWO t w o");
    assertThat(rows(deployment, "SELECT COUNT(*) FROM `history_" + odd + "`")).containsExactly("3");
    assertThat(
            rows(
                deployment,
                "SELECT id, valid_from, valid_to, is_current FROM history_other__orders"
                    + " WHERE _cdc_valid_to IS NULL"))
        .containsExactly("1 2026-01-01 2026-02-01 true");
    assertThat(rows(deployment, "SELECT valid_to FROM latest_other__orders"))
        .containsExactly("2026-02-01");
    assertThat(rows(deployment, "SELECT COUNT(*) FROM latest_nothing")).containsExactly("0");
    assertThat(rows(deployment, "SELECT COUNT(*) FROM history_nothing")).containsExactly("0");
    assertThat(
            rows(
                deployment,
                "SELECT epoch, batch, moments, raw, state, is_folded, life_id, ended_at, is_current,"
                    + " `current_date`, latest FROM latest_working_names ORDER BY moments"))
        .containsExactly("1 1 1 r2 s f l2 e c 1 9", "1 1 2 null null null null null null 2 null");
    assertThat(
            rows(
                deployment,
                "SELECT raw, is_current, `current_date`, _cdc_is_current FROM"
                    + " history_working_names WHERE moments = 1 ORDER BY _cdc_batch"))
        .containsExactly("r c 1 false", "r2 c 1 true");
    assertThat(Cli.run(deployment, "verify", "--table", "working_names").code()).isZero();
  }

  private static final String CDC =
      "_cdc_op, _cdc_epoch, _cdc_batch, _cdc_row, _cdc_lsn, _cdc_tx_id, _cdc_committed_at,"
          + " _cdc_ingested_at, _cdc_lossy";

  private static RunReport runModels(Deployment deployment, FoldPolicy fold) {
    ModelConfig config =
        new ModelConfig(
            Datasets.one(Deployment.PROJECT, Deployment.DATASET),
            Optional.empty(),
            fold,
            Optional.empty(),
            PolicyTags.NONE);
    return ModelRunner.run(deployment.bigquery(), config, Selection.ALL, ProgressListener.NONE);
  }

  private static Map<String, Outcome> outcomes(RunReport report) {
    return report.models().stream()
        .collect(Collectors.toMap(ModelResult::model, ModelResult::outcome));
  }

  private static String reasons(RunReport report, String model) {
    return report.models().stream()
        .filter(result -> result.model().equals(model))
        .map(ModelResult::message)
        .collect(Collectors.joining());
  }

  private static List<String> rows(Deployment deployment, String sql) throws InterruptedException {
    List<String> rows = new ArrayList<>();
    QueryJobConfiguration query =
        QueryJobConfiguration.newBuilder(sql)
            .setDefaultDataset(Deployment.DATASET)
            .setUseLegacySql(false)
            .build();
    for (FieldValueList row : deployment.bigquery().query(query).iterateAll()) {
      rows.add(
          row.stream()
              .map(FieldValue::getValue)
              .map(String::valueOf)
              .collect(Collectors.joining(" ")));
    }
    return rows;
  }
}
