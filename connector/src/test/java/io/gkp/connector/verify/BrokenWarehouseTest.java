package io.gkp.connector.verify;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.testing.TestPostgres;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The smallest differences of each type, and rows that latest views cannot have of themselves. */
class BrokenWarehouseTest {
  /**
   * @param type of Postgres
   * @param value of Postgres, in each row
   * @param broken GoogleSQL for what comes nearest to the value
   */
  private record Column(String type, String value, String broken) {}

  private static final List<Column> COLUMNS =
      List.of(
          new Column("bool", "true", "FALSE"),
          new Column("bool", "false", "NULL"),
          new Column("int2", "7", "8"),
          new Column("int8", "9007199254740993", "9007199254740992"),
          new Column("float4", "0.1", "0.10000000149011612"),
          new Column("float8", "0", "CAST('-0' AS FLOAT64)"),
          new Column("float8", "'NaN'", "NULL"),
          new Column("float8", "'Infinity'", "CAST('-inf' AS FLOAT64)"),
          new Column("numeric(12,2)", "19.90", "19.91"),
          new Column("numeric", "1e30", "BIGNUMERIC '1000000000000000000000000000001'"),
          new Column("numeric", "'NaN'", "BIGNUMERIC '0'"),
          new Column("text", "'a'", "'a '"),
          new Column("text", "'a'", "'A'"),
          new Column("text", "''", "NULL"),
          new Column("text", "U&'\\00e9'", "'e\\u0301'"),
          new Column("char(3)", "'a'", "'a'"),
          new Column("uuid", "'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'", "UPPER(c)"),
          new Column("bytea", "''", "NULL"),
          new Column("bytea", "'\\x00'", "b'\\x00\\x00'"),
          new Column("date", "'2026-03-01'", "DATE '2026-03-02'"),
          new Column("date", "'infinity'", "DATE '9999-12-31'"),
          new Column("timestamp", "'2026-03-01 10:00'", "DATETIME '2026-03-01 10:00:00.000001'"),
          new Column("timestamptz", "'2026-03-01 10:00+02'", "TIMESTAMP '2026-03-01 10:00:00+00'"),
          new Column("time", "'10:00'", "TIME '10:00:00.000001'"),
          new Column("timetz", "'10:00+00'", "'11:00:00+01'"),
          new Column("interval", "'1 day'", "'PT24H'"),
          new Column("json", "'{\"a\": 1}'", "JSON '{\"a\": \"1\"}'"),
          new Column("jsonb", "'{\"a\": [1, 2]}'", "JSON '{\"a\": [2, 1]}'"),
          new Column("jsonb", "'{}'", "NULL"),
          new Column("int[]", "'{1,2}'", "[2, 1]"),
          new Column("text[]", "'{a,b}'", "['a,b']"),
          new Column("text[]", "'{a}'", "[]"),
          new Column("float8[]", "'{0}'", "[CAST('-0' AS FLOAT64)]"),
          new Column("int4range", "'[1,3)'", "'[1,2]'"),
          new Column("money", "1.5", "'$1.5'"));

  @Test
  void theSmallestDifferenceOfEachTypeIsFoundAndNamed() {
    try (Deployment deployment = Deployment.on(TestPostgres.version(15), "kinds")) {
      List<String> names = new ArrayList<>();
      List<String> declared = new ArrayList<>();
      List<String> values = new ArrayList<>();
      List<String> broken = new ArrayList<>();
      for (int i = 0; i < COLUMNS.size(); i++) {
        Column column = COLUMNS.get(i);
        String name = "c" + i;
        names.add(name);
        declared.add(name + " " + column.type());
        values.add(column.value() + "::" + column.type());
        broken.add(
            "%1$s = IF(id = %2$d, %3$s, %1$s)"
                .formatted(name, i, column.broken().replace("(c)", "(" + name + ")")));
      }
      deployment.database.execute(
          "CREATE TABLE kinds (id int PRIMARY KEY, " + String.join(", ", declared) + ")",
          "INSERT INTO kinds SELECT i, %s FROM generate_series(0, %d) i"
              .formatted(String.join(", ", values), COLUMNS.size()));
      deployment.drain();
      Verified.of(deployment).requireEqual();

      deployment.sql("UPDATE history.raw_kinds SET " + String.join(", ", broken) + " WHERE true");

      Verified verified = Verified.of(deployment);
      assertThat(verified.table("kinds").columns())
          .containsExactlyInAnyOrderEntriesOf(
              names.stream().collect(Collectors.toMap(name -> name, name -> 1L)));
      assertThat(verified.table("kinds").different()).isEqualTo(COLUMNS.size());
    }
  }

  @Test
  void whatIsKeptBesideARowSwappedKeysAndRowsThatTheStateHasTwiceAreFound() {
    try (Deployment deployment =
        Deployment.on(TestPostgres.version(18), "lossy", "swapped", "twice")) {
      deployment.database.execute(
          "CREATE TABLE lossy (id int PRIMARY KEY, d date, l int[])",
          "INSERT INTO lossy VALUES (1, 'infinity', '{1,NULL}'), (2, '-infinity', '{{1}}')");
      for (String table : List.of("swapped", "twice")) {
        deployment.database.execute(
            "CREATE TABLE " + table + " (id int PRIMARY KEY, v text)",
            "INSERT INTO " + table + " VALUES (1, 'a'), (2, 'b'), (3, 'c')");
      }
      deployment.drain();

      deployment.sql(
          "UPDATE history.raw_lossy SET _cdc_lossy = ARRAY(SELECT AS STRUCT l.column,"
              + " IF(l.column = 'd', 'infinity', l.text) AS text, l.reason"
              + " FROM UNNEST(_cdc_lossy) AS l) WHERE id = 2");

      assertThat(Verified.of(deployment).summary("lossy"))
          .startsWith("2 rows, 0 missing, 0 extra, 1 different [different {id=2}");

      deployment.models();
      deployment.sql("UPDATE history.state_swapped SET id = 3 - id WHERE id < 3");
      deployment.sql(
          "INSERT INTO history.state_twice SELECT * FROM history.state_twice WHERE id = 2");

      Verified verified = Verified.of(deployment);
      assertThat(verified.table("swapped").columns()).isEqualTo(java.util.Map.of("v", 2L));
      assertThat(verified.summary("twice"))
          .startsWith("3 rows, 0 missing, 1 extra, 0 different [extra {id=2}");
    }
  }
}
