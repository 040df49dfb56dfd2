package io.gkp.connector.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.QueryJobConfiguration;
import io.gkp.connector.export.Deployment;
import io.gkp.raw.RawNames;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Names that would be statements if they were not quoted, through every command. */
class IdentifiersTest {
  private static final String NAME = "x\"; drop table y; --";
  private static final String QUOTED = "\"x\"\"; drop table y; --\"";
  private static final String KEY = "k'); drop table y; --";
  private static final String QUOTED_KEY = "\"k'); drop table y; --\"";

  @Test
  void oddNamesGoThroughEveryCommandAndRunNothing() throws Exception {
    try (Deployment deployment = new Deployment(QUOTED, "y")) {
      deployment.protect(List.of(), List.of(QUOTED + "." + QUOTED), "a salt for odd names");
      deployment.database.execute(
          "CREATE TABLE y (id int PRIMARY KEY)",
          "INSERT INTO y VALUES (1)",
          "CREATE TABLE %s (%s int PRIMARY KEY, %s text, excluded text)"
              .formatted(QUOTED, QUOTED_KEY, QUOTED),
          "INSERT INTO %s VALUES (1, 'one', 'x'), (2, 'two', 'x')".formatted(QUOTED));
      assertThat(Cli.run(deployment, "doctor", "--fix-sql").out())
          .contains("CREATE PUBLICATION \"gkp_export\" FOR TABLE \"public\"." + QUOTED + ", ");
      succeed(deployment, "export-bigquery");
      deployment.database.execute(
          "UPDATE %s SET %s = 'uno' WHERE %s = 1".formatted(QUOTED, QUOTED, QUOTED_KEY),
          "DELETE FROM %s WHERE %s = 2".formatted(QUOTED, QUOTED_KEY),
          "INSERT INTO %s VALUES (3, 'three', 'x')".formatted(QUOTED));
      succeed(deployment, "export-bigquery");
      String raw = RawNames.raw("public", NAME);
      assertThat(ops(deployment, raw)).containsExactly("r", "r", "u", "d", "c");

      succeed(deployment, "offsets", "backfill", "--table", QUOTED, "--keys", "1,3", "--yes");
      succeed(deployment, "offsets", "backfill", "--table", QUOTED, "--since", KEY + "=3", "--yes");
      succeed(
          deployment,
          "offsets",
          "backfill",
          "--table",
          QUOTED,
          "--where",
          QUOTED_KEY + " > 9 AND 'drop table y' = 'y'",
          "--yes");
      succeed(deployment, "export-bigquery");
      assertThat(ops(deployment, raw)).endsWith("c", "r", "r", "r");
      succeed(deployment, "offsets", "reset", "--table", QUOTED, "--yes");
      assertThat(succeed(deployment, "offsets", "show").out()).contains(NAME, "requested");
      succeed(deployment, "export-bigquery");
      assertThat(succeed(deployment, "offsets", "history").out()).contains(NAME);
      assertThat(Cli.run(deployment, "doctor").out()).doesNotContain("ERROR");

      Cli models =
          Cli.run(
              deployment,
              "models",
              "run",
              "--select",
              "published_epochs,latest_" + raw.substring(4));
      assertThat(models.code()).as(models.out() + models.err()).isZero();
      assertThat(
              deployment
                  .bigquery()
                  .query(
                      QueryJobConfiguration.of("SELECT * FROM history.latest_" + raw.substring(4)))
                  .iterateAll())
          .hasSize(2);
      assertThat(ops(deployment, "raw_y")).containsExactly("r");
      deployment.database.execute("SELECT * FROM y");
    }
  }

  private static List<String> ops(Deployment deployment, String raw) {
    return deployment.raw(raw).stream().map(row -> (String) row.get("_cdc_op")).toList();
  }

  private static Cli succeed(Deployment deployment, String... arguments) {
    Cli cli = Cli.run(deployment, arguments);
    assertThat(cli.code()).as(String.join(" ", arguments) + ": " + cli.err()).isZero();
    return cli;
  }
}
