package io.gkp.connector.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.bigquery.Field;
import com.google.cloud.bigquery.FieldList;
import com.google.cloud.bigquery.FieldValue;
import com.google.cloud.bigquery.FieldValueList;
import com.google.cloud.bigquery.QueryJobConfiguration;
import io.gkp.connector.export.Deployment;
import io.gkp.connector.source.table.ColumnDefinition;
import io.gkp.name.TableName;
import io.gkp.sql.changelog.FoldPolicy;
import io.gkp.sql.model.PolicyTags;
import io.gkp.sql.render.Datasets;
import io.gkp.sql.run.ModelConfig;
import io.gkp.sql.run.ModelResult.Outcome;
import io.gkp.sql.run.ModelRunner;
import io.gkp.sql.run.ProgressListener;
import io.gkp.sql.run.Selection;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Names that Postgres takes and others do not, by snapshot and by stream through real runs and
 * models. Which field is whose is told by the fields' descriptions, and what it holds by Postgres.
 */
class OddNamesTest {
  private static final List<String> NAMES =
      List.of(
          "name",
          "Name",
          "NAME",
          "ID",
          "\"x\"",
          "'x'",
          "`x`",
          "[x]",
          "x",
          "\"\"",
          "''",
          "select",
          "qualify",
          "a b",
          "a-b",
          "a_b",
          "a\nb",
          "a\\b",
          "1st",
          "_",
          "\uD83D\uDE00",
          "\uD83D\uDE01",
          "x".repeat(63),
          "X".repeat(63),
          "_TABLE_SUFFIX",
          "_FILE_NAME",
          "_partitiontime",
          "_ROW_TIMESTAMP",
          "__ROOT__",
          "_COLIDENTIFIER",
          "_CHANGE_TYPE",
          "_cdc_op",
          "_CDC_OP",
          "_cdc_lossy");

  private final Deployment deployment = new Deployment("t");

  @AfterEach
  void end() {
    deployment.close();
  }

  @Test
  void landWithTheirOwnValuesAndHaveLatestRows() throws Exception {
    createTable(NAMES);
    insert(1, NAMES);
    deployment.drain();
    insert(2, NAMES);
    deployment.drain();

    assertLoaded(2);

    runModels(FoldPolicy.ALWAYS, "+latest_t");
    assertThat(deployment.tableNames("state_")).containsExactly("state_t");
    deployment.database.execute(
        "UPDATE t SET \"Name\" = 'new', \"\"\"x\"\"\" = 'new', \"select\" = NULL WHERE id = 1",
        "UPDATE t SET \"ID\" = 'another key' WHERE id = 2");
    deployment.drain();
    assertLatest();
  }

  @Test
  void eachIsNamedWherePostgresDidNotSendItsValue() throws Exception {
    List<String> names = List.of("name", "Name", "'x'", "_cdc_op");
    createTable(List.of("ID", "name", "Name", "'x'", "_cdc_op"));
    deployment.database.execute(
        names.stream()
            .map(name -> "ALTER TABLE t ALTER " + TableName.quote(name) + " SET STORAGE EXTERNAL")
            .toArray(String[]::new));
    deployment.drain();
    deployment.database.execute(
        "INSERT INTO t (id, \"ID\", \"name\", \"Name\", \"'x'\", \"_cdc_op\") VALUES (1, 'k', "
            + "repeat('n', 2500), repeat('N', 2500), repeat('x', 2500), repeat('c', 2500))",
        "UPDATE t SET \"name\" = 'short'");
    deployment.drain();

    Map<String, String> fields = fieldsByColumn();
    Map<String, Object> update = deployment.raw("raw_t").get(1);
    assertThat(update.get("_cdc_unavailable"))
        .isEqualTo(List.of(fields.get("Name"), fields.get("'x'"), fields.get("_cdc_op")));
    assertThat(update.get(fields.get("name"))).isEqualTo("short");
    runModels(FoldPolicy.NEVER, "+latest_t", "history_t");
    assertLatest();
    assertThat(
            query(
                "SELECT `" + fields.get("name") + "` FROM history_t ORDER BY _cdc_batch, _cdc_row"))
        .containsExactly(List.of("n".repeat(2500)), List.of("short"));
  }

  @Test
  void landFromWholeOldRowsAndWithoutKey() throws Exception {
    deployment.database.execute(
        "CREATE TABLE t (id int, \"ID\" int, v text STORAGE EXTERNAL, \"V\" text STORAGE EXTERNAL)",
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "INSERT INTO t VALUES (1, 2, 'v', 'V')");
    deployment.drain();
    deployment.database.execute(
        "INSERT INTO t VALUES (3, 4, repeat('v', 2500), repeat('V', 2500))",
        "UPDATE t SET v = 'w' WHERE id = 3",
        "DELETE FROM t");
    deployment.drain();

    Map<String, String> field = fieldsByColumn();
    String longest = "V".repeat(2500);
    assertThat(
            deployment.changelog(
                "raw_t", field.get("id"), field.get("ID"), field.get("v"), field.get("V")))
        .containsExactly(
            "r 1 2 v V",
            "c 3 4 " + "v".repeat(2500) + " " + longest,
            "u 3 4 w " + longest,
            "d 1 2 v V",
            "d 3 4 w " + longest);
  }

  @Test
  void arePublishedExcludedAndHashedEachByItself() throws Exception {
    deployment.protect(
        List.of("t.Name"), List.of("t.NAME", "t.\"\"\"x\"\"\""), "a long enough salt");
    createTable(List.of("name", "Name", "NAME", "nAmE", "x", "\"x\"", "X", "ID"));
    deployment.database.execute(
        "CREATE PUBLICATION gkp_export FOR TABLE t"
            + " (id, \"ID\", name, \"NAME\", \"nAmE\", \"\"\"x\"\"\", x)");
    insert(1, List.of("name", "Name", "NAME", "nAmE", "x", "\"x\"", "X", "ID"));
    deployment.drain();
    deployment.database.execute(
        "INSERT INTO t SELECT * FROM (SELECT (jsonb_populate_record(t, '{\"id\": 2}')).* FROM t) s");
    deployment.drain();

    Map<String, String> fields = fieldsByColumn();
    assertThat(fields).doesNotContainKey("X");
    List<Map<String, Object>> rows = deployment.raw("raw_t");
    assertThat(rows).extracting(row -> row.get("_cdc_op")).containsExactly("r", "c");
    for (Map<String, Object> row : rows) {
      assertThat(row.get(fields.get("name"))).isEqualTo("name of 1");
      assertThat(row.get(fields.get("nAmE"))).isEqualTo("nAmE of 1");
      assertThat(row.get(fields.get("x"))).isEqualTo("x of 1");
      assertThat(row).doesNotContainKey(fields.get("Name"));
      assertThat((String) row.get(fields.get("NAME"))).hasSize(64);
      assertThat(row.get(fields.get("NAME"))).isNotEqualTo(row.get(fields.get("\"x\"")));
    }
    assertThat(rows.toString()).doesNotContain("Name of", "NAME of", "\"x\" of", "X of");
  }

  @Test
  void keepTheirFieldsWhenOneOfThemGoes() throws Exception {
    createTable(List.of("name", "Name", "ID"));
    insert(1, List.of("name", "Name", "ID"));
    deployment.drain();
    Map<String, String> before = fieldsByColumn();
    deployment.database.execute(
        "INSERT INTO t VALUES (2, 'name of 2', 'Name of 2', 'ID of 2')",
        "ALTER TABLE t DROP COLUMN name",
        "INSERT INTO t VALUES (3, 'Name of 3', 'ID of 3')",
        "ALTER TABLE t ADD COLUMN name text");
    insert(4, List.of("name", "Name", "ID"));
    deployment.drain();
    insert(5, List.of("name", "Name", "ID"));
    deployment.drain();

    assertThat(fieldsByColumn()).isEqualTo(before);
    assertThat(deployment.changelog("raw_t", "id", before.get("name"), before.get("Name")))
        .containsExactly(
            "r 1 name of 1 Name of 1",
            "c 2 name of 2 Name of 2",
            "c 3 - Name of 3",
            "c 4 name of 4 Name of 4",
            // Of the column that was dropped nothing is left in older rows, and no event says so.
            "r 1 - Name of 1",
            "r 2 - Name of 2",
            "r 3 - Name of 3",
            "r 4 name of 4 Name of 4",
            "c 5 name of 5 Name of 5");
  }

  @Test
  void tablesThatDifferByCaseAloneHaveTablesAndViewsOfTheirOwn() throws Exception {
    deployment.capture("t", "\"T\"");
    deployment.database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "CREATE TABLE \"T\" (id int PRIMARY KEY, w int)",
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO \"T\" VALUES (1, 10)");
    deployment.drain();
    deployment.database.execute(
        "INSERT INTO t VALUES (2, 'b')",
        "INSERT INTO \"T\" VALUES (2, 20), (3, 30)",
        "DELETE FROM t WHERE id = 1",
        "UPDATE \"T\" SET w = 11 WHERE id = 1");
    deployment.drain();

    assertThat(deployment.changelog("raw_t", "id", "v")).containsExactly("r 1 a", "c 2 b", "d 1 -");
    assertThat(deployment.changelog("raw_T", "id", "w"))
        .containsExactly("r 1 10", "c 2 20", "c 3 30", "u 1 11");
    runModels(FoldPolicy.ALWAYS, "+latest_t", "+latest_T");
    assertThat(deployment.tableNames("state_")).containsExactlyInAnyOrder("state_t", "state_T");
    assertThat(query("SELECT id, v FROM latest_t")).containsExactly(List.of("2", "b"));
    assertThat(query("SELECT id, w FROM latest_T ORDER BY id"))
        .containsExactly(List.of("1", "11"), List.of("2", "20"), List.of("3", "30"));
  }

  /** A key of two columns whose names differ by case alone. */
  private void createTable(List<String> names) {
    deployment.database.execute(
        "CREATE TABLE t (id int, "
            + names.stream()
                .map(name -> TableName.quote(name) + " text, ")
                .collect(Collectors.joining())
            + "PRIMARY KEY (\"ID\", id))");
  }

  private void insert(int id, List<String> names) {
    deployment.database.execute(
        "INSERT INTO t (id, "
            + names.stream().map(TableName::quote).collect(Collectors.joining(", "))
            + ") VALUES ("
            + id
            + names.stream()
                .map(name -> ", '" + name.replace("'", "''") + " of " + id + "'")
                .collect(Collectors.joining())
            + ")");
  }

  private Map<String, String> fieldsByColumn() {
    FieldList fields =
        deployment
            .bigquery()
            .getTable(Deployment.DATASET, "raw_t")
            .getDefinition()
            .getSchema()
            .getFields();
    Map<String, String> byColumn = new HashMap<>();
    for (Field field : fields) {
      ColumnDefinition.parse(field.getDescription())
          .ifPresent(column -> byColumn.put(column.name(), field.getName()));
    }
    return byColumn;
  }

  private void assertLoaded(int rows) throws Exception {
    LoadedTable loaded = new LoadedTable(deployment, "raw_t");
    assertThat(loaded.rows()).hasSize(rows);
    Map<String, String> fields = fieldsByColumn();
    assertThat(fields.keySet()).containsAll(NAMES).hasSize(NAMES.size() + 1);
    List<String> disagreements = new ArrayList<>();
    try (PostgresOracle oracle = new PostgresOracle(deployment.database.connect(), "public.t")) {
      for (FieldValueList row : loaded.rows()) {
        for (String name : NAMES) {
          Field field = loaded.fields().get(fields.get(name));
          String disagreement = loaded.disagreement(row, name, field, oracle);
          if (disagreement != null) {
            disagreements.add(name + ": " + disagreement);
          }
        }
      }
    }
    assertThat(disagreements).isEmpty();
  }

  /** The latest view holds what the source table holds. */
  private void assertLatest() throws Exception {
    Map<String, String> fields = new TreeMap<>(fieldsByColumn());
    String select =
        fields.values().stream()
            .map(field -> "`" + field + "`")
            .collect(Collectors.joining(", ", "SELECT ", " FROM latest_t ORDER BY id"));
    String source =
        fields.keySet().stream()
            .map(TableName::quote)
            .collect(Collectors.joining(", ", "SELECT ", " FROM t ORDER BY id"));
    assertThat(query(select)).isNotEmpty().isEqualTo(rowsOfSource(source));
  }

  private void runModels(FoldPolicy fold, String... models) {
    ModelConfig config =
        new ModelConfig(
            Datasets.one(Deployment.PROJECT, Deployment.DATASET),
            Optional.empty(),
            fold,
            Optional.empty(),
            PolicyTags.NONE);
    Selection selection = new Selection(List.of(models));
    assertThat(
            ModelRunner.run(deployment.bigquery(), config, selection, ProgressListener.NONE)
                .models())
        .isNotEmpty()
        .allMatch(model -> model.outcome() == Outcome.DONE);
  }

  private List<List<String>> query(String sql) throws InterruptedException {
    List<List<String>> rows = new ArrayList<>();
    QueryJobConfiguration query =
        QueryJobConfiguration.newBuilder(sql)
            .setDefaultDataset(Deployment.DATASET)
            .setUseLegacySql(false)
            .build();
    for (FieldValueList row : deployment.bigquery().query(query).iterateAll()) {
      rows.add(row.stream().map(FieldValue::getValue).map(String::valueOf).toList());
    }
    return rows;
  }

  private List<List<String>> rowsOfSource(String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Connection connection = deployment.database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      int columns = row.getMetaData().getColumnCount();
      while (row.next()) {
        List<String> values = new ArrayList<>();
        for (int i = 1; i <= columns; i++) {
          values.add(String.valueOf(row.getString(i)));
        }
        rows.add(values);
      }
    }
    return rows;
  }
}
