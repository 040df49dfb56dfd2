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
import io.gkp.testing.TestPostgres;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
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

  private static final List<String> APART = List.of("name", "Name", "'x'", "_cdc_op");
  private static final List<String> GUARDED =
      List.of("name", "Name", "NAME", "nAmE", "x", "\"x\"", "X", "ID");
  private static final List<String> ALTERED = List.of("name", "Name", "ID");

  private static final Deployment DEPLOYMENT =
      new Deployment("every", "apart", "whole", "guarded", "altered", "t", "\"T\"")
          .withoutViews(); // but for those of the models that tests run

  private static Map<String, String> fieldsOfAltered;

  /** Each test has a table of its own; all went through the same first two runs. */
  @BeforeAll
  static void run() {
    TestPostgres.Database database = DEPLOYMENT.database;
    DEPLOYMENT.protect(
        List.of("guarded.Name"),
        List.of("guarded.NAME", "guarded.\"\"\"x\"\"\""),
        "a long enough salt");
    createTable("every", NAMES);
    insert("every", 1, NAMES);
    createTable("apart", Stream.concat(Stream.of("ID"), APART.stream()).toList());
    database.execute(
        APART.stream()
            .map(
                name ->
                    "ALTER TABLE apart ALTER " + TableName.quote(name) + " SET STORAGE EXTERNAL")
            .toArray(String[]::new));
    database.execute(
        "CREATE TABLE whole (id int, \"ID\" int, v text STORAGE EXTERNAL, \"V\" text STORAGE EXTERNAL)",
        "ALTER TABLE whole REPLICA IDENTITY FULL",
        "INSERT INTO whole VALUES (1, 2, 'v', 'V')");
    createTable("guarded", GUARDED);
    insert("guarded", 1, GUARDED);
    createTable("altered", ALTERED);
    insert("altered", 1, ALTERED);
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "CREATE TABLE \"T\" (id int PRIMARY KEY, w int)",
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO \"T\" VALUES (1, 10)",
        "CREATE PUBLICATION gkp_export FOR TABLE every, apart, whole, altered, t, \"T\", guarded"
            + " (id, \"ID\", name, \"NAME\", \"nAmE\", \"\"\"x\"\"\", x)");
    DEPLOYMENT.drain();

    fieldsOfAltered = fieldsByColumn("altered");
    insert("every", 2, NAMES);
    database.execute(
        "INSERT INTO apart (id, \"ID\", \"name\", \"Name\", \"'x'\", \"_cdc_op\") VALUES (1, 'k', "
            + "repeat('n', 2500), repeat('N', 2500), repeat('x', 2500), repeat('c', 2500))",
        "UPDATE apart SET \"name\" = 'short'",
        "INSERT INTO whole VALUES (3, 4, repeat('v', 2500), repeat('V', 2500))",
        "UPDATE whole SET v = 'w' WHERE id = 3",
        "DELETE FROM whole",
        "INSERT INTO guarded SELECT * FROM"
            + " (SELECT (jsonb_populate_record(g, '{\"id\": 2}')).* FROM guarded g) s",
        "INSERT INTO altered VALUES (2, 'name of 2', 'Name of 2', 'ID of 2')",
        "ALTER TABLE altered DROP COLUMN name",
        "INSERT INTO altered VALUES (3, 'Name of 3', 'ID of 3')",
        "ALTER TABLE altered ADD COLUMN name text",
        "INSERT INTO t VALUES (2, 'b')",
        "INSERT INTO \"T\" VALUES (2, 20), (3, 30)",
        "DELETE FROM t WHERE id = 1",
        "UPDATE \"T\" SET w = 11 WHERE id = 1");
    insert("altered", 4, ALTERED);
    DEPLOYMENT.drain();
  }

  @AfterAll
  static void end() {
    DEPLOYMENT.close();
  }

  @Test
  void landWithTheirOwnValuesAndHaveLatestRows() throws Exception {
    assertLoaded("every", 2);

    runModels(FoldPolicy.ALWAYS, "+latest_every");
    assertThat(DEPLOYMENT.tableNames("state_every")).containsExactly("state_every");
    DEPLOYMENT.database.execute(
        "UPDATE every SET \"Name\" = 'new', \"\"\"x\"\"\" = 'new', \"select\" = NULL WHERE id = 1",
        "UPDATE every SET \"ID\" = 'another key' WHERE id = 2");
    DEPLOYMENT.drain();
    assertLatest("every");
  }

  @Test
  void eachIsNamedWherePostgresDidNotSendItsValue() throws Exception {
    Map<String, String> fields = fieldsByColumn("apart");
    Map<String, Object> update = DEPLOYMENT.raw("raw_apart").get(1);
    assertThat(update.get("_cdc_unavailable"))
        .isEqualTo(List.of(fields.get("Name"), fields.get("'x'"), fields.get("_cdc_op")));
    assertThat(update.get(fields.get("name"))).isEqualTo("short");
    runModels(FoldPolicy.NEVER, "+latest_apart", "history_apart");
    assertLatest("apart");
    assertThat(
            query(
                "SELECT `"
                    + fields.get("name")
                    + "` FROM history_apart ORDER BY _cdc_batch, _cdc_row"))
        .containsExactly(List.of("n".repeat(2500)), List.of("short"));
  }

  @Test
  void landFromWholeOldRowsAndWithoutKey() {
    Map<String, String> field = fieldsByColumn("whole");
    String longest = "V".repeat(2500);
    assertThat(
            DEPLOYMENT.changelog(
                "raw_whole", field.get("id"), field.get("ID"), field.get("v"), field.get("V")))
        .containsExactly(
            "r 1 2 v V",
            "c 3 4 " + "v".repeat(2500) + " " + longest,
            "u 3 4 w " + longest,
            "d 1 2 v V",
            "d 3 4 w " + longest);
  }

  @Test
  void arePublishedExcludedAndHashedEachByItself() {
    Map<String, String> fields = fieldsByColumn("guarded");
    assertThat(fields).doesNotContainKey("X");
    List<Map<String, Object>> rows = DEPLOYMENT.raw("raw_guarded");
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
  void keepTheirFieldsWhenOneOfThemGoes() {
    insert("altered", 5, ALTERED);
    DEPLOYMENT.drain();

    assertThat(fieldsByColumn("altered")).isEqualTo(fieldsOfAltered);
    assertThat(
            DEPLOYMENT.changelog(
                "raw_altered", "id", fieldsOfAltered.get("name"), fieldsOfAltered.get("Name")))
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
    assertThat(DEPLOYMENT.changelog("raw_t", "id", "v")).containsExactly("r 1 a", "c 2 b", "d 1 -");
    assertThat(DEPLOYMENT.changelog("raw_T", "id", "w"))
        .containsExactly("r 1 10", "c 2 20", "c 3 30", "u 1 11");
    runModels(FoldPolicy.ALWAYS, "+latest_t", "+latest_T");
    assertThat(DEPLOYMENT.tableNames("state_")).contains("state_t", "state_T");
    assertThat(query("SELECT id, v FROM latest_t")).containsExactly(List.of("2", "b"));
    assertThat(query("SELECT id, w FROM latest_T ORDER BY id"))
        .containsExactly(List.of("1", "11"), List.of("2", "20"), List.of("3", "30"));
  }

  /** A key of two columns whose names differ by case alone. */
  private static void createTable(String table, List<String> names) {
    DEPLOYMENT.database.execute(
        "CREATE TABLE "
            + table
            + " (id int, "
            + names.stream()
                .map(name -> TableName.quote(name) + " text, ")
                .collect(Collectors.joining())
            + "PRIMARY KEY (\"ID\", id))");
  }

  private static void insert(String table, int id, List<String> names) {
    DEPLOYMENT.database.execute(
        "INSERT INTO "
            + table
            + " (id, "
            + names.stream().map(TableName::quote).collect(Collectors.joining(", "))
            + ") VALUES ("
            + id
            + names.stream()
                .map(name -> ", '" + name.replace("'", "''") + " of " + id + "'")
                .collect(Collectors.joining())
            + ")");
  }

  private static Map<String, String> fieldsByColumn(String table) {
    FieldList fields =
        DEPLOYMENT
            .bigquery()
            .getTable(Deployment.DATASET, "raw_" + table)
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

  private static void assertLoaded(String table, int rows) throws Exception {
    LoadedTable loaded = new LoadedTable(DEPLOYMENT, "raw_" + table);
    assertThat(loaded.rows()).hasSize(rows);
    Map<String, String> fields = fieldsByColumn(table);
    assertThat(fields.keySet()).containsAll(NAMES).hasSize(NAMES.size() + 1);
    List<String> disagreements = new ArrayList<>();
    try (PostgresOracle oracle =
        new PostgresOracle(DEPLOYMENT.database.connect(), "public." + table)) {
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
  private static void assertLatest(String table) throws Exception {
    Map<String, String> fields = new TreeMap<>(fieldsByColumn(table));
    String select =
        fields.values().stream()
            .map(field -> "`" + field + "`")
            .collect(Collectors.joining(", ", "SELECT ", " FROM latest_" + table + " ORDER BY id"));
    String source =
        fields.keySet().stream()
            .map(TableName::quote)
            .collect(Collectors.joining(", ", "SELECT ", " FROM " + table + " ORDER BY id"));
    assertThat(query(select)).isNotEmpty().isEqualTo(rowsOfSource(source));
  }

  private static void runModels(FoldPolicy fold, String... models) {
    ModelConfig config =
        new ModelConfig(
            Datasets.one(Deployment.PROJECT, Deployment.DATASET),
            Optional.empty(),
            fold,
            Optional.empty(),
            PolicyTags.NONE);
    Selection selection = new Selection(List.of(models));
    assertThat(
            ModelRunner.run(DEPLOYMENT.bigquery(), config, selection, ProgressListener.NONE)
                .models())
        .isNotEmpty()
        .allMatch(model -> model.outcome() == Outcome.DONE);
  }

  private static List<List<String>> query(String sql) throws InterruptedException {
    List<List<String>> rows = new ArrayList<>();
    QueryJobConfiguration query =
        QueryJobConfiguration.newBuilder(sql)
            .setDefaultDataset(Deployment.DATASET)
            .setUseLegacySql(false)
            .build();
    for (FieldValueList row : DEPLOYMENT.bigquery().query(query).iterateAll()) {
      rows.add(row.stream().map(FieldValue::getValue).map(String::valueOf).toList());
    }
    return rows;
  }

  private static List<List<String>> rowsOfSource(String sql) throws SQLException {
    List<List<String>> rows = new ArrayList<>();
    try (Connection connection = DEPLOYMENT.database.connect();
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
