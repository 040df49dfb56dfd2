package io.gkp.connector.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldValueList;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.mapping.TypeCases.Case;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Every type and value of {@code type-cases.txt}, by snapshot and by stream through real runs, as
 * BigQuery gives it back.
 */
class LoadedValuesTest {
  private static final int STREAMED = 1000;

  private static Deployment deployment;
  private static List<Case> cases;
  private static LoadedTable loaded;

  @BeforeAll
  static void exportEveryValue() throws Exception {
    deployment = new Deployment("every_type").withoutViews();
    // What owner and database prefer must not matter.
    for (String setting :
        List.of(
            "DateStyle = 'German'",
            "IntervalStyle = 'sql_standard'",
            "TimeZone = 'Asia/Kathmandu'",
            "bytea_output = 'escape'",
            "search_path = 'public', 'shop'",
            "extra_float_digits = -10")) {
      deployment.database.execute(
          "ALTER DATABASE " + deployment.database.name() + " SET " + setting);
    }
    TypeCases.createTypes(deployment.database);
    cases = TypeCases.read();
    deployment.database.execute(createTable());
    deployment.database.execute(inserts(0));
    deployment.drain();
    deployment.database.execute(inserts(STREAMED));
    deployment.drain();
    loaded = new LoadedTable(deployment, "raw_every_type");
  }

  @AfterAll
  static void end() {
    deployment.close();
  }

  private static String createTable() {
    StringBuilder sql = new StringBuilder("CREATE TABLE public.every_type (id int PRIMARY KEY");
    cases.forEach(c -> sql.append(", ").append(c.table()).append(' ').append(c.type()));
    return sql.append(')').toString();
  }

  /** The first row is all NULL, row n has each type's n-th value. */
  private static String[] inserts(int firstId) {
    List<String> statements = new ArrayList<>();
    for (int row = 0; row <= rows(); row++) {
      StringBuilder sql = new StringBuilder("INSERT INTO public.every_type VALUES (");
      sql.append(firstId + row);
      for (Case c : cases) {
        boolean given = row > 0 && row <= c.values().size();
        sql.append(", ").append(given ? c.values().get(row - 1).sql() : "NULL");
      }
      statements.add(sql.append(')').toString());
    }
    return statements.toArray(String[]::new);
  }

  private static int rows() {
    return cases.stream().mapToInt(c -> c.values().size()).max().orElseThrow();
  }

  @Test
  void snapshotAndStreamBringEveryRow() {
    List<String> operations =
        loaded.rows().stream().map(row -> row.get("_cdc_op").getStringValue()).toList();
    assertThat(operations).hasSize(2 * (rows() + 1));
    assertThat(operations.stream().filter("r"::equals)).hasSize(rows() + 1);
    assertThat(operations.stream().filter("c"::equals)).hasSize(rows() + 1);
  }

  @Test
  void postgresFindsItsOwnValuesInBigQuery() throws Exception {
    List<String> disagreements = new ArrayList<>();
    try (PostgresOracle oracle =
        new PostgresOracle(deployment.database.connect(), "public.every_type")) {
      for (FieldValueList row : loaded.rows()) {
        for (Case c : cases) {
          Field field = loaded.fields().get(c.table());
          String disagreement = loaded.disagreement(row, c.table(), field, oracle);
          if (disagreement != null) {
            disagreements.add(c.type() + ", row " + row.get("id").getValue() + ": " + disagreement);
          }
        }
      }
    }
    assertThat(disagreements).isEmpty();
  }

  @Test
  void whatIsLossyIsSoForTheReasonGiven() {
    for (FieldValueList row : loaded.rows()) {
      int n = LoadedTable.id(row) % STREAMED;
      for (Case c : cases) {
        boolean given = n > 0 && n <= c.values().size();
        String expected = given ? c.values().get(n - 1).expected() : "";
        String reason = LoadedTable.lossyReason(row, c.table());
        String nullArray = !given && c.fieldType().endsWith("REPEATED") ? "null_array" : null;
        assertThat(reason)
            .as(c.type() + ", value " + n)
            .isEqualTo(expected.startsWith("lossy ") ? expected.substring(6) : nullArray);
      }
    }
  }
}
