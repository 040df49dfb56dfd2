package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.checks.Finding;
import io.gkp.connector.export.Deployment;
import io.gkp.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Functions of others that run with the export's rights are named, wherever they hide. */
class PlannedFunctionsTest {
  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void functionsOfIndexesConstraintsAndStatisticsAreNamedWithTheirOwners(int version) {
    try (Deployment deployment = Deployment.on(TestPostgres.version(version), "t")) {
      String owner = "owner_" + deployment.database.name();
      deployment.database.execute(
          "CREATE ROLE " + owner,
          "CREATE TABLE t (id int PRIMARY KEY, v text)",
          "CREATE INDEX ON t (lower(v))",
          function("indexed"),
          function("chosen"),
          function("checked"),
          function("counted"),
          function("trusted"),
          "CREATE INDEX ON t ((id + indexed()))",
          "CREATE INDEX ON t (id) WHERE id > chosen()",
          "ALTER TABLE t ADD CHECK (id > checked() - 10)",
          "CREATE STATISTICS s ON (id + counted()), v FROM t",
          "CREATE INDEX ON t ((id - trusted()))");
      for (String name : List.of("indexed", "chosen", "checked", "counted")) {
        deployment.database.execute("ALTER FUNCTION " + name + "() OWNER TO " + owner);
      }
      assertThat(named(deployment))
          .hasSize(4)
          .allMatch(what -> what.contains("of role " + owner + " runs as the export's role"))
          .noneMatch(what -> what.contains("trusted"));
      for (Finding finding : findings(deployment)) {
        deployment.database.execute(finding.sql().get(0));
      }
      assertThat(named(deployment)).isEmpty();
    }
  }

  private static String function(String name) {
    return "CREATE FUNCTION " + name + "() RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1'";
  }

  private static List<Finding> findings(Deployment deployment) {
    return deployment.drain().warnings().stream()
        .filter(warning -> warning.check().equals("planned-functions"))
        .toList();
  }

  private static List<String> named(Deployment deployment) {
    return findings(deployment).stream().map(Finding::what).toList();
  }
}
