package io.gkp.connector.mapping;

import static io.gkp.connector.mapping.row.ChangeOp.CREATE;
import static io.gkp.connector.mapping.row.ChangeOp.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.mapping.row.LoadRow;
import io.gkp.connector.mapping.row.RowKey;
import io.gkp.connector.mapping.schema.ColumnNames;
import io.gkp.connector.mapping.schema.RawTable;
import io.gkp.connector.source.stream.Change;
import io.gkp.connector.source.table.PostgresTypes;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.connector.source.table.SourceTables;
import io.gkp.name.TableName;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What tables of unusual shape, and changes of shape, become in load rows; by a real engine. */
class StreamedTablesTest {
  private final PostgresTypes types = new PostgresTypes();
  private TestPostgres.Database database;

  @BeforeEach
  void createDatabase() {
    database = TestPostgres.shared().createDatabase();
  }

  @Test
  void aDeleteBringsTheKeyAlone() throws Exception {
    database.execute(
        "CREATE TABLE t (a int NOT NULL, id uuid, b text NOT NULL DEFAULT 'x', k int, tags text[],"
            + " PRIMARY KEY (k, id))");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    String id = "00000000-0000-0000-0000-000000000001";
    database.execute("INSERT INTO t VALUES (1, '" + id + "', 'y', 7)", "DELETE FROM t");

    assertThat(rows("t", changes.read()).get(1))
        .isEqualTo("{\"id\":\"" + id + "\",\"k\":7,\"_cdc_op\":\"d\"}");
  }

  @Test
  void aNewKeyIsADeleteAndACreate() throws Exception {
    database.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute("INSERT INTO t VALUES (1, 'a')", "UPDATE t SET id = 2");

    assertThat(rows("t", changes.read()))
        .containsExactly(
            "{\"id\":1,\"v\":\"a\",\"_cdc_op\":\"c\"}",
            "{\"id\":1,\"_cdc_op\":\"d\"}",
            "{\"id\":2,\"v\":\"a\",\"_cdc_op\":\"c\"}");
  }

  @Test
  void aNewKeyIsADeleteAndACreateAlsoWhenTheTableHasLostThatKey() throws Exception {
    database.execute("CREATE TABLE t (a int, b int, c int NOT NULL, PRIMARY KEY (a, b))");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute(
        "INSERT INTO t VALUES (1, 2, 3)",
        "UPDATE t SET a = 4",
        "DELETE FROM t",
        "ALTER TABLE t DROP CONSTRAINT t_pkey",
        "ALTER TABLE t ADD PRIMARY KEY (b, c)");

    assertThat(rows("t", changes.read()))
        .containsExactly(
            "{\"a\":1,\"b\":2,\"c\":3,\"_cdc_op\":\"c\"}",
            "{\"a\":1,\"b\":2,\"_cdc_op\":\"d\"}",
            "{\"a\":4,\"b\":2,\"c\":3,\"_cdc_op\":\"c\"}",
            "{\"a\":4,\"b\":2,\"_cdc_op\":\"d\"}");
  }

  @Test
  void keyAndIdentityAreThoseThatWereAnnounced() throws Exception {
    database.execute("CREATE TABLE t (a int PRIMARY KEY, b int NOT NULL, c int NOT NULL)");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    String insert = "INSERT INTO t VALUES (1, 2, 3)";
    database.execute(
        insert,
        "ALTER TABLE t DROP CONSTRAINT t_pkey, ADD PRIMARY KEY (c, b)",
        "TRUNCATE t",
        insert,
        "ALTER TABLE t REPLICA IDENTITY FULL",
        "DELETE FROM t");

    assertThat(changes.read())
        .extracting(
            change -> RowKey.of(change.layout()).columns() + " " + change.layout().wholeOldRows())
        .containsExactly("[a] false", "[c, b] false", "[c, b] false", "[c, b] true");
  }

  @Test
  void aLongKeyThatIsSentAlongIsNoNewKeyWhateverTheKeyIsNow() throws Exception {
    database.execute("CREATE TABLE t (id text STORAGE EXTERNAL PRIMARY KEY, n int NOT NULL)");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute(
        "INSERT INTO t VALUES (repeat('x', 2500), 1)",
        "UPDATE t SET n = 2",
        "ALTER TABLE t DROP CONSTRAINT t_pkey",
        "ALTER TABLE t ADD PRIMARY KEY (n)");

    assertThat(changes.read())
        .flatExtracting(Change::rows)
        .extracting(Change.Row::operation)
        .containsExactly(CREATE, UPDATE);
  }

  @Test
  void wholeOldRowsAreTrimmedToTheKey() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text, tags text[])",
        "ALTER TABLE t REPLICA IDENTITY FULL");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute(
        "INSERT INTO t VALUES (1, 'a', '{}')",
        "UPDATE t SET v = 'b'",
        "UPDATE t SET id = 2",
        "DELETE FROM t");

    assertThat(rows("t", changes.read()))
        .containsExactly(
            "{\"id\":1,\"v\":\"a\",\"tags\":[],\"_cdc_op\":\"c\"}",
            "{\"id\":1,\"v\":\"b\",\"tags\":[],\"_cdc_op\":\"u\"}",
            "{\"id\":1,\"_cdc_op\":\"d\"}",
            "{\"id\":2,\"v\":\"b\",\"tags\":[],\"_cdc_op\":\"c\"}",
            "{\"id\":2,\"_cdc_op\":\"d\"}");
  }

  @Test
  void aTruncateHasNoValues() throws Exception {
    database.execute("CREATE TABLE t (id int PRIMARY KEY, v text)");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute("INSERT INTO t VALUES (1, 'a')", "TRUNCATE t");

    assertThat(rows("t", changes.read()).get(1)).isEqualTo("{\"_cdc_op\":\"t\"}");
  }

  @Test
  void aTableWithoutKeyGivesWholeRowsForItsDeletes() throws Exception {
    database.execute("CREATE TABLE t (a int, b text)", "ALTER TABLE t REPLICA IDENTITY FULL");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute("INSERT INTO t VALUES (1, 'x')", "UPDATE t SET b = 'y'", "DELETE FROM t");

    assertThat(rows("t", changes.read()))
        .containsExactly(
            "{\"a\":1,\"b\":\"x\",\"_cdc_op\":\"c\"}",
            "{\"a\":1,\"b\":\"y\",\"_cdc_op\":\"u\"}",
            "{\"a\":1,\"b\":\"y\",\"_cdc_op\":\"d\"}");
  }

  @Test
  void aReplicaIdentityIndexIsTheKey() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, code text NOT NULL, v int)",
        "CREATE UNIQUE INDEX t_code ON t (code)",
        "ALTER TABLE t REPLICA IDENTITY USING INDEX t_code");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute("INSERT INTO t VALUES (1, 'x', 2)", "DELETE FROM t");

    assertThat(rows("t", changes.read()).get(1)).isEqualTo("{\"code\":\"x\",\"_cdc_op\":\"d\"}");
  }

  @Test
  void replicaIdentityNothingStillGivesInserts() throws Exception {
    database.execute("CREATE TABLE t (a int)", "ALTER TABLE t REPLICA IDENTITY NOTHING");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute("INSERT INTO t VALUES (1)");

    assertThat(rows("t", changes.read())).containsExactly("{\"a\":1,\"_cdc_op\":\"c\"}");
  }

  @Test
  void fullReplicaIdentityFillsUnchangedToast() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text STORAGE EXTERNAL, n int)",
        "ALTER TABLE t REPLICA IDENTITY FULL");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute("INSERT INTO t VALUES (1, repeat('x', 9000), 1)", "UPDATE t SET n = 2");

    assertThat(rows("t", changes.read()).get(1))
        .isEqualTo("{\"id\":1,\"v\":\"" + "x".repeat(9000) + "\",\"n\":2,\"_cdc_op\":\"u\"}");
  }

  @Test
  void anEnumTakesNewLabelsAndNewNames() throws Exception {
    database.execute(
        "CREATE TYPE mood AS ENUM ('sad')", "CREATE TABLE t (id int PRIMARY KEY, v mood)");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute(
        "INSERT INTO t VALUES (1, 'sad')",
        "ALTER TYPE mood ADD VALUE 'glad'",
        "INSERT INTO t VALUES (2, 'glad')",
        "ALTER TYPE mood RENAME VALUE 'glad' TO 'merry'",
        "ALTER TYPE mood RENAME TO feeling",
        "INSERT INTO t VALUES (3, 'merry')");

    assertThat(rows("t", changes.read()))
        .containsExactly(
            "{\"id\":1,\"v\":\"sad\",\"_cdc_op\":\"c\"}",
            "{\"id\":2,\"v\":\"glad\",\"_cdc_op\":\"c\"}",
            "{\"id\":3,\"v\":\"merry\",\"_cdc_op\":\"c\"}");
  }

  @Test
  void aTypeThatIsGoneMeanwhileLandsAsText() throws Exception {
    database.execute(
        "CREATE TYPE mood AS ENUM ('sad')", "CREATE TABLE t (id int PRIMARY KEY, v mood)");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute(
        "INSERT INTO t VALUES (1, 'sad')", "ALTER TABLE t DROP COLUMN v", "DROP TYPE mood");

    assertThat(rows("t", changes.read()))
        .containsExactly("{\"id\":1,\"v\":\"sad\",\"_cdc_op\":\"c\"}");
  }

  @Test
  void aTableThatChangesIsReadInTheShapeOfTheMoment() throws Exception {
    database.execute("CREATE TABLE t (id int PRIMARY KEY, v int, w text)");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute(
        "INSERT INTO t VALUES (1, 2, 'w')",
        "ALTER TABLE t ADD COLUMN x numeric(10, 2) DEFAULT 1.5",
        "ALTER TABLE t DROP COLUMN w",
        "INSERT INTO t VALUES (2, 3)",
        "ALTER TABLE t ALTER COLUMN v TYPE text",
        "ALTER TABLE t RENAME COLUMN x TO y",
        "INSERT INTO t VALUES (3, 'three', 3)");

    assertThat(rows("t", changes.read()))
        .containsExactly(
            "{\"id\":1,\"v\":2,\"w\":\"w\",\"_cdc_op\":\"c\"}",
            "{\"id\":2,\"v\":3,\"x\":\"1.50\",\"_cdc_op\":\"c\"}",
            "{\"id\":3,\"v\":\"three\",\"y\":\"3.00\",\"_cdc_op\":\"c\"}");
  }

  @Test
  void generatedColumnsAreLeftOutOfBothUnlessPublished() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, s int GENERATED ALWAYS AS (id * 2) STORED,"
            + " v int GENERATED ALWAYS AS (id * 3) VIRTUAL)");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute("INSERT INTO t VALUES (1)");

    assertThat(rows("t", changes.read())).containsExactly("{\"id\":1,\"_cdc_op\":\"c\"}");
    assertThat(columns(catalogue("t"))).containsExactly("id");

    database.execute("ALTER PUBLICATION mapping SET (publish_generated_columns = stored)");
    database.execute("INSERT INTO t VALUES (2)");

    assertThat(rows("t", changes.read())).contains("{\"id\":2,\"s\":4,\"_cdc_op\":\"c\"}");
    assertThat(columns(catalogue("t"))).containsExactly("id", "s");
  }

  @Test
  void partitionsArriveAsTheirRoot() throws Exception {
    database.execute(
        "CREATE TABLE t (id int, v text, PRIMARY KEY (id)) PARTITION BY RANGE (id)",
        "CREATE TABLE t_1 PARTITION OF t FOR VALUES FROM (0) TO (10)",
        "CREATE TABLE t_2 (v text, id int NOT NULL)",
        "ALTER TABLE t ATTACH PARTITION t_2 FOR VALUES FROM (10) TO (20)");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute(
        "ALTER PUBLICATION mapping SET (publish_via_partition_root = true)",
        "INSERT INTO t VALUES (1, 'a'), (11, 'b')",
        "UPDATE t SET id = 12 WHERE id = 1",
        "DELETE FROM t WHERE id = 11");

    assertThat(rows("t", changes.read()))
        .containsExactly(
            "{\"id\":1,\"v\":\"a\",\"_cdc_op\":\"c\"}",
            "{\"id\":11,\"v\":\"b\",\"_cdc_op\":\"c\"}",
            "{\"id\":1,\"_cdc_op\":\"d\"}",
            "{\"id\":12,\"v\":\"a\",\"_cdc_op\":\"c\"}",
            "{\"id\":11,\"_cdc_op\":\"d\"}");
    assertThat(columns(catalogue("t"))).containsExactly("id", "v");
  }

  @Test
  void oddNamesArriveAndAreRenamed() throws Exception {
    String odd =
        "\"select\" int, \"a b\" int, \"ä\" int, \"1st\" int, \"x.y\" int, \"_cdc_op\" int";
    database.execute("CREATE TABLE \"Odd table\" (\"the id\" int PRIMARY KEY, " + odd + ")");
    CapturedChanges changes = CapturedChanges.prepare(database, "Odd table");
    database.execute("INSERT INTO \"Odd table\" VALUES (1, 2, 3, 4, 5, 6, 7)");

    List<String> rows = rows("Odd table", changes.read());
    List<String> names =
        ColumnNames.of(List.of("the id", "select", "a b", "ä", "1st", "x.y", "_cdc_op"));
    StringBuilder expected = new StringBuilder("{");
    for (int i = 0; i < names.size(); i++) {
      expected.append('"').append(names.get(i)).append("\":").append(i + 1).append(',');
    }
    assertThat(rows).containsExactly(expected + "\"_cdc_op\":\"c\"}");
  }

  @Test
  void columnsThatDifferByCaseAloneKeepTheirOwnValues() throws Exception {
    database.execute(
        "CREATE TABLE t (name text, id int, \"Name\" text, \"ID\" int, n int,"
            + " PRIMARY KEY (\"ID\", id))");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    database.execute(
        "INSERT INTO t VALUES ('a', 1, 'A', 2, 0)",
        "UPDATE t SET \"Name\" = 'B'",
        "UPDATE t SET \"ID\" = 3",
        "DELETE FROM t");

    assertThat(texts(changes.read()))
        .containsExactly(
            "c name=a id=1 Name=A ID=2 n=0",
            "u name=a id=1 Name=B ID=2 n=0",
            "d name=null id=1 Name=null ID=2 n=null",
            "c name=a id=1 Name=B ID=3 n=0",
            "d name=null id=1 Name=null ID=3 n=null");
  }

  @Test
  void columnsThatDifferByCaseAloneKeepTheirOwnValuesInWholeOldRows() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text STORAGE EXTERNAL, \"V\" text STORAGE EXTERNAL)",
        "ALTER TABLE t REPLICA IDENTITY FULL");
    CapturedChanges changes = CapturedChanges.prepare(database, "t");
    String lower = "v".repeat(2500);
    String upper = "V".repeat(2500);
    database.execute(
        "INSERT INTO t VALUES (1, '" + lower + "', '" + upper + "')", "UPDATE t SET v = 'new'");

    assertThat(texts(changes.read()).get(1)).isEqualTo("u id=1 v=new V=" + upper);
  }

  @Test
  void everyCharacterOfANameBelongsToIt() throws Exception {
    String[] names = {
      "\"q\"",
      "'q'",
      "`q`",
      "[q]",
      "\"",
      "\"\"",
      "''",
      "''''",
      "``q``",
      "a\"\"b",
      "a''b",
      "-71",
      "a.b",
      "a,b",
      "Q",
      "Ä",
      "\uD83D\uDE00",
      " q ",
      "\\E",
      "%"
    };
    for (String name : names) {
      String quoted = TableName.quote(name);
      database.execute("CREATE TABLE " + quoted + " (q int, " + quoted + " int PRIMARY KEY)");
    }
    CapturedChanges changes = CapturedChanges.prepare(database, names);
    List<String> expected = new ArrayList<>();
    for (String name : names) {
      String quoted = TableName.quote(name);
      database.execute("INSERT INTO " + quoted + " VALUES (1, 2)", "TRUNCATE " + quoted);
      expected.addAll(List.of(name + ": c q=1 " + name + "=2", name + ": t"));
    }

    List<Change> read = changes.read();
    List<String> texts = texts(read);
    for (int i = 0; i < texts.size(); i++) {
      texts.set(i, read.get(i).table().table() + ": " + texts.get(i));
    }
    assertThat(texts).isEqualTo(expected);
  }

  @Test
  void tablesThatDifferByCaseAloneAreTwo() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY, v text)",
        "CREATE TABLE \"T\" (id int PRIMARY KEY, w int)");
    CapturedChanges both = CapturedChanges.prepare(database, "t", "T");
    database.execute(
        "INSERT INTO t VALUES (1, 'a')",
        "INSERT INTO \"T\" VALUES (1, 2)",
        "UPDATE t SET v = 'b'",
        "UPDATE \"T\" SET w = 3");

    List<Change> read = both.read();
    assertThat(texts(read)).containsExactly("c id=1 v=a", "c id=1 w=2", "u id=1 v=b", "u id=1 w=3");
    assertThat(read)
        .extracting(change -> change.table().table())
        .containsExactly("t", "T", "t", "T");
  }

  @Test
  void aTableIsNotCapturedForAnotherThatDiffersByCaseAlone() throws Exception {
    database.execute(
        "CREATE TABLE t (id int PRIMARY KEY)", "CREATE TABLE \"T\" (id int PRIMARY KEY)");
    CapturedChanges one = CapturedChanges.prepare(database, "T");
    database.execute("INSERT INTO t VALUES (1)", "INSERT INTO \"T\" VALUES (2)");

    assertThat(texts(one.read())).containsExactly("c id=2");
  }

  /** The operation and each column by its own name. */
  private static List<String> texts(List<Change> changes) {
    List<String> texts = new ArrayList<>();
    for (Change change : changes) {
      for (Change.Row row : change.rows()) {
        StringBuilder text = new StringBuilder(row.operation().code());
        for (int i = 0; i < row.values().size(); i++) {
          text.append(' ').append(change.layout().columns().get(i).name());
          text.append('=').append(row.values().text(i));
        }
        texts.add(text.toString());
      }
    }
    return texts;
  }

  private static List<String> rows(String name, List<Change> changes) {
    List<String> rows = new ArrayList<>();
    for (Change change : changes) {
      assertThat(change.table().table()).isEqualTo(name);
      for (Change.Row row : change.rows()) {
        rows.add(
            LoadRow.brief(
                LoadRow.write(RawTable.of(change.layout()), row.operation(), row.values())));
      }
    }
    return rows;
  }

  private SourceTable catalogue(String name) throws Exception {
    try (Connection connection = database.connect()) {
      return new SourceTables(types).read(connection, CapturedChanges.PUBLICATION, "public", name);
    }
  }

  private static List<String> columns(SourceTable table) {
    return table.columns().stream().map(SourceColumn::name).toList();
  }
}
