package io.gkp.connector.mapping;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.connector.mapping.TypeCases.Case;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Values that Postgres has moved out of the row, and that an update does not touch. */
class ToastTest {
  private static final String LONG_TEXT = "repeat('x', 9000)";

  /** A value of each type that is long enough to be moved out. */
  private static final Map<String, String> LONG_VALUES =
      Map.ofEntries(
          Map.entry("text", LONG_TEXT),
          Map.entry("character varying", LONG_TEXT),
          Map.entry("bpchar", LONG_TEXT),
          Map.entry("bytea", "decode(repeat('ab', 9000), 'hex')"),
          Map.entry("numeric", "('1.' || repeat('1', 9000))::numeric"),
          Map.entry("citext", LONG_TEXT),
          Map.entry("xml", LONG_TEXT),
          Map.entry("vector", LONG_TEXT),
          Map.entry("geometry", LONG_TEXT),
          Map.entry("ltree", "repeat('abc.', 900) || 'z'"),
          Map.entry("lquery", "repeat('abc.', 900) || 'z'"),
          Map.entry("refcursor", LONG_TEXT),
          Map.entry("json", "to_json(repeat('x', 9000))"),
          Map.entry("jsonb", "to_jsonb(repeat('x', 9000))"),
          Map.entry("jsonpath", "'$.' || repeat('abc.', 900) || 'z'"),
          Map.entry("hstore", "hstore('a', repeat('x', 9000))"),
          Map.entry("\"bit\"", "repeat('1', 9000)::varbit"),
          Map.entry("bit varying", "repeat('1', 9000)::varbit"),
          Map.entry(
              "tsvector",
              "(SELECT array_to_tsvector(array_agg('w' || i)) FROM generate_series(1, 900) i)"),
          Map.entry("pg_snapshot", snapshot()),
          Map.entry("txid_snapshot", snapshot()),
          Map.entry("pair", "ROW(1, repeat('x', 9000), now())::pair"),
          Map.entry("couple", "ROW(1, repeat('x', 9000), now())::pair"),
          Map.entry("tags", "array_fill('x'::text, ARRAY[9000])"),
          Map.entry("nested", "ROW(NULL, array_fill('x'::text, ARRAY[900]), NULL)::nested"),
          Map.entry("path", points()),
          Map.entry("polygon", points()),
          Map.entry("numrange", "numrange(('1.' || repeat('1', 9000))::numeric, NULL)"),
          Map.entry("int4multirange", multirange("int4")),
          Map.entry("nummultirange", multirange("num")),
          Map.entry(
              "tstzmultirange",
              "(SELECT range_agg(tstzrange(to_timestamp(i * 10), to_timestamp(i * 10 + 5)))"
                  + " FROM generate_series(1, 900) i)"));

  /** Never longer than the pointer that would stand in for them. */
  private static final Set<String> TOO_SHORT =
      Set.of(
          "inet",
          "cidr",
          "int4range",
          "int8range",
          "daterange",
          "tsrange",
          "tstzrange",
          "float_range",
          "positive",
          "very_positive");

  private final Deployment deployment = new Deployment("t").withoutViews();

  /** The value of each column {@code c0, c1 ...}, by its type. */
  private final Map<String, String> valueOfType = new TreeMap<>(LONG_VALUES);

  private static String snapshot() {
    return "(SELECT '1:900:' || string_agg(i::text, ',') FROM generate_series(1, 899) i)";
  }

  private static String points() {
    return "(SELECT '(' || string_agg('(1,2)', ',') || ')' FROM generate_series(1, 900) i)";
  }

  private static String multirange(String name) {
    return "(SELECT range_agg(" + name + "range(2 * i, 2 * i + 1)) FROM generate_series(1, 900) i)";
  }

  private void createTable() throws Exception {
    TypeCases.createTypes(deployment.database);
    for (Case c : TypeCases.read()) {
      String type = c.type().replaceAll(" DEFAULT .*", "");
      if (type.endsWith("[]")) {
        String element = type.substring(0, type.length() - 2);
        valueOfType.put(type, "array_fill(NULL::" + element + ", ARRAY[9000])");
      }
    }
    StringBuilder table = new StringBuilder("CREATE TABLE t (id text STORAGE EXTERNAL PRIMARY KEY");
    StringBuilder values =
        new StringBuilder("INSERT INTO t VALUES (" + LONG_TEXT.replace("9", "2"));
    int column = 0;
    for (Map.Entry<String, String> typed : valueOfType.entrySet()) {
      table.append(", c").append(column++).append(' ').append(typed.getKey());
      table.append(" STORAGE EXTERNAL");
      values.append(", (").append(typed.getValue()).append(")::text::").append(typed.getKey());
    }
    deployment.database.execute(table + ", n int)", values + ", 1)");
    deployment.drain();
  }

  @AfterEach
  void end() {
    deployment.close();
  }

  /** One after the other: the same wide table serves all. */
  @Test
  void everyTypeThatCanBeMovedOutIsUnavailableUnlessTheReplicaIdentityBringsIt() throws Exception {
    createTable();
    everyTypeThatCanBeMovedOutIsTried();
    theyAreUnavailableAndNeitherTextNorNull();
    replicaIdentityFullBringsThem();
  }

  private void everyTypeThatCanBeMovedOutIsTried() throws Exception {
    for (Case c : TypeCases.read()) {
      deployment.database.execute("CREATE TABLE " + c.table() + " (v " + c.type() + ")");
    }
    try (Connection connection = deployment.database.connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT DISTINCT format_type(a.atttypid, NULL)"
                    + " FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid"
                    + " WHERE c.relkind = 'r' AND c.relname ~ '^t[0-9]+$' AND a.attname = 'v'"
                    + " AND a.attlen = -1 AND a.attstorage <> 'p'"
                    + " AND a.atttypid NOT IN (SELECT tried.atttypid FROM pg_attribute tried"
                    + " WHERE tried.attrelid = 't'::regclass)")) {
      Set<String> untried = new TreeSet<>();
      while (row.next()) {
        untried.add(row.getString(1));
      }
      assertThat(untried).isEqualTo(new TreeSet<>(TOO_SHORT));
    }
  }

  private void theyAreUnavailableAndNeitherTextNorNull() {
    deployment.database.execute("UPDATE t SET n = 2");
    deployment.drain();

    Map<String, Object> row = deployment.raw("raw_t").get(1);
    assertThat(row.get("_cdc_op")).isEqualTo("u");
    assertThat(row.get("n")).isEqualTo("2");
    assertThat((String) row.get("id")).as("a long key").hasSize(2000);
    assertThat(row.get("_cdc_unavailable")).isEqualTo(columns());
    assertThat(row)
        .doesNotContainKey("_cdc_lossy")
        .doesNotContainKeys(columns().toArray(String[]::new));
  }

  private void replicaIdentityFullBringsThem() {
    deployment.database.execute("ALTER TABLE t REPLICA IDENTITY FULL", "UPDATE t SET n = 3");
    deployment.drain();

    List<Map<String, Object>> rows = deployment.raw("raw_t");
    assertThat(rows).hasSize(3);
    assertThat(rows.get(2)).doesNotContainKey("_cdc_unavailable");
    for (String column : columns()) {
      assertThat(rows.get(2).get(column)).as(column).isEqualTo(rows.get(0).get(column));
    }
    assertThat(String.valueOf(rows.get(2).get("_cdc_lossy")))
        .isEqualTo(String.valueOf(rows.get(0).get("_cdc_lossy")));
  }

  private List<String> columns() {
    return IntStream.range(0, valueOfType.size()).mapToObj(i -> "c" + i).toList();
  }
}
