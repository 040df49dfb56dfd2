package io.gkp.connector.mapping;

import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The types and values that the export is tested with; Postgres itself prints what they are. */
final class TypeCases {
  /**
   * A table with a column {@code v} of one type and a row per value.
   *
   * @param table its name
   * @param type the column's type, and constraints or a default behind it
   * @param values SQL expressions; NULL is added
   */
  record Case(String table, String type, List<String> values) {
    String createTable() {
      return "CREATE TABLE " + table + " (id int PRIMARY KEY, v " + type + ")";
    }

    String insert() {
      StringBuilder sql = new StringBuilder("INSERT INTO " + table + " VALUES (0, NULL)");
      for (int i = 0; i < values.size(); i++) {
        sql.append("; INSERT INTO ").append(table);
        sql.append(" VALUES (").append(i + 1).append(", ").append(values.get(i)).append(')');
      }
      return sql.toString();
    }
  }

  private final List<Case> cases = new ArrayList<>();

  private TypeCases() {}

  static void createTypes(TestPostgres.Database database) {
    for (String extension : List.of("hstore", "citext", "ltree", "cube", "isn", "seg")) {
      try (Connection connection = database.connect();
          Statement statement = connection.createStatement()) {
        statement.execute("CREATE EXTENSION " + extension);
      } catch (SQLException e) {
        System.out.println("no extension " + extension + ": " + e.getMessage());
      }
    }
    database.execute(
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s \"odd\", {really}')",
        "CREATE SCHEMA shop",
        "CREATE TYPE shop.mood AS ENUM ('open', 'closed')",
        "CREATE TYPE pair AS (a int, b text, c timestamptz)",
        "CREATE DOMAIN positive AS numeric(10, 2) CHECK (value > 0)",
        "CREATE DOMAIN very_positive AS positive CHECK (value > 1)",
        "CREATE DOMAIN tags AS text[]",
        "CREATE DOMAIN stamp AS timestamptz",
        "CREATE TYPE float_range AS RANGE (subtype = float8)");
  }

  static List<Case> available(TestPostgres.Database database) throws SQLException {
    TypeCases all = new TypeCases();
    all.numbers();
    all.texts();
    all.times();
    all.structured();
    all.arrays();
    List<Case> available = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      for (Case c : all.cases) {
        String type = c.type().replaceAll(" (DEFAULT|NOT NULL|GENERATED|COLLATE).*", "");
        try {
          statement.executeQuery("SELECT NULL::" + type);
          available.add(c);
        } catch (SQLException e) {
          System.out.println("no type " + type);
        }
      }
    }
    return available;
  }

  private void add(String type, String... values) {
    cases.add(new Case("t" + cases.size(), type, List.of(values)));
  }

  private void numbers() {
    add("bool", "true", "false");
    add("bool DEFAULT true", "true", "false");
    add("int2", "-32768", "32767", "0");
    add("int4 DEFAULT 42", "-2147483648", "2147483647");
    add("int8", "-9223372036854775808", "9223372036854775807", "9007199254740993");
    add("oid", "0", "4294967295");
    add("float4", "'NaN'", "'Infinity'", "'-Infinity'", "'-0'", "3.4028235e38", "1e-45", "0.1");
    add(
        "float8 DEFAULT 1.5",
        "'NaN'",
        "'Infinity'",
        "'-Infinity'",
        "'-0'",
        "1.7976931348623157e308",
        "5e-324",
        "0.1",
        "1e23",
        "5.684341886080802e-14",
        "123456789012345680",
        "1e15",
        "1e-5");
    add("numeric", "0", "'NaN'", "'Infinity'", "'-Infinity'", "1.50", "-0.00");
    add(
        "numeric",
        "repeat('9', 131072)::numeric",
        "('0.' || repeat('1', 16383))::numeric",
        "repeat('9', 38)::numeric",
        "('0.' || repeat('9', 38))::numeric",
        "('0.' || repeat('9', 39))::numeric",
        "('1.' || repeat('0', 40))::numeric",
        "'578960446186580977117854925043439539266.34992332820282019728792003956564819967'",
        "'578960446186580977117854925043439539266.34992332820282019728792003956564819968'",
        "'-578960446186580977117854925043439539266.34992332820282019728792003956564819968'",
        "'-578960446186580977117854925043439539266.34992332820282019728792003956564819969'",
        "'1000000000000000000000000000000000000000'");
    add("numeric(38, 9)", "'99999999999999999999999999999.999999999'", "'NaN'", "-1.5");
    add("numeric(10, 2) DEFAULT 3.14", "1.5", "-99999999.99");
    add("numeric(5, -2)", "12345", "-9999900");
    add("numeric(2, 5)", "0.00012");
    add("numeric(1000, 500)", "1.5", "('1' || repeat('0', 400))::numeric");
    add("money", "'-92233720368547758.08'", "'92233720368547758.07'", "'0'", "'-1234.5'");
    add("positive DEFAULT 7", "1.25", "99999999.99");
    add("very_positive", "1.25");
    add("xid", "'4294967295'");
    add("xid8", "'18446744073709551615'");
    add("pg_lsn", "'16/B374D848'");
  }

  private void texts() {
    String odd =
        "E'\\x01 tab\\t newline\\n return\\r back\\\\slash \"quote\" ''apostrophe'' \\u2028'";
    add("text DEFAULT 'some text'", "''", odd, "'日本語 🎉 Ω'", "repeat('x', 100000)");
    add("text DEFAULT NULL", "'__debezium_unavailable_value'", "'NULL'", "'null'", "'\\N'");
    add("varchar(10)", "''", "'abc'");
    add("char(5) DEFAULT 'x'", "''", "'abc'", "'日本'");
    add("\"char\"", "'a'", "''");
    add("name", "'abc'", "''");
    add("citext DEFAULT 'X'", "'MiXed'");
    add(
        "uuid DEFAULT gen_random_uuid()",
        "'00000000-0000-0000-0000-000000000000'",
        "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'");
    add("bytea DEFAULT '\\x00'", "''", "'\\x00ff'", "decode(repeat('00ff', 50000), 'hex')");
    add("bit(1)", "B'0'", "B'1'");
    add("bit(8)", "B'10101010'");
    add("varbit", "B''", "B'1'", "repeat('10', 5000)::varbit");
    add("varbit(1)", "B''", "B'1'");
    add("inet DEFAULT '::1'", "'192.168.0.1'", "'192.168.0.1/24'", "'::1'", "'2001:db8::/32'");
    add("cidr", "'192.168.100.128/25'", "'::/0'");
    add("macaddr", "'08:00:2b:01:02:03'");
    add("macaddr8", "'08:00:2b:01:02:03:04:05'");
    add("xml", "'<a b=\"c\">text</a>'", "'<?xml version=\"1.0\"?><r/>'", "''");
    add("tsvector", "'a:1 b:2A'", "'''odd word'':3'", "''");
    add("tsquery", "'a & (b | !c)'");
    add("mood DEFAULT 'ok'", "'sad'", "'it''s \"odd\", {really}'");
    add("shop.mood", "'open'");
    add("ltree", "'a.b.c'", "''");
    add("isbn", "'978-0-393-04002-9'");
    add("regclass", "'pg_class'");
    add("regtype", "'int4'");
    add("jsonpath", "'$.a[*] ? (@ > 1)'");
    add("txid_snapshot", "'10:20:10,14,15'");
    add("pg_snapshot", "'10:20:10,14,15'");
  }

  private void times() {
    add(
        "date DEFAULT current_date",
        "'infinity'",
        "'-infinity'",
        "'0001-01-01'",
        "'9999-12-31'",
        "'10000-01-01'",
        "'5874897-12-31'",
        "'0001-12-31 BC'",
        "'4713-01-01 BC'",
        "'2024-02-29'");
    String[] stamps = {
      "'infinity'",
      "'-infinity'",
      "'0001-01-01 00:00:00'",
      "'9999-12-31 23:59:59.999999'",
      "'10000-01-01 00:00:00'",
      "'294276-12-31 23:59:59.999999'",
      "'0001-12-31 23:59:59.999999 BC'",
      "'4713-01-01 00:00:00 BC'",
      "'2024-02-29 12:34:56.789'",
      "'1970-01-01 00:00:00.000001'",
      "'1582-10-10 00:00:00'"
    };
    add("timestamp DEFAULT now()", stamps);
    add("timestamp(3)", stamps[8]);
    add("timestamptz DEFAULT '2020-01-01'", stamps);
    add("timestamptz DEFAULT now()", "'2024-03-31 01:30:00+05:45'", "'1883-01-01 00:00:00+00'");
    add("stamp", "'2024-03-31 01:30:00+05:45'");
    add("time", "'00:00:00'", "'24:00:00'", "'23:59:59.999999'", "'12:34:56.5'");
    add(
        "timetz",
        "'00:00:00+00'",
        "'24:00:00+00'",
        "'24:00:00-15:59:00'",
        "'23:59:59.999999+15:59:59'",
        "'12:34:56.5+05:45'");
    add(
        "interval",
        "'0'",
        "'1 year 2 months -3 days 04:05:06.789'",
        "'-1 year -2 months +3 days -04:05:06.000001'",
        "'178000000 years'",
        "'-178000000 years'",
        "'2562047788:00:54.775807'",
        "'-2562047788:00:54.775807'",
        "'2147483647 days'",
        "'infinity'",
        "'-infinity'");
    add("interval day to second(3)", "'1 day 00:00:01.5'");
  }

  private void structured() {
    String[] documents = {
      "'{}'",
      "'[]'",
      "'null'",
      "'\"text\"'",
      "'1'",
      "'true'",
      "'{\"a\": {\"b\": [1, 2.50, \"x\\n\\u00e9\"]}, \"c\": null}'",
      "'[9223372036854775807, 18446744073709551615, -9223372036854775808]'",
      "'18446744073709551616'",
      "'0.1'",
      "'0.10000000000000001'",
      "'123456789.123456789123456789'",
      "'1e400'",
      "'{\"a\": 1, \"a\": 2}'",
      "(repeat('[', 500) || repeat(']', 500))::json",
      "(repeat('[', 501) || repeat(']', 501))::json",
    };
    add("json DEFAULT '{}'", documents);
    add(
        "json",
        "E'{\\n  \"a\" :\\t1\\n}'",
        "'\"\\u0000\"'",
        "'\"\\ud800\"'",
        "'\"\\ud83c\\udf89\"'");
    add("jsonb DEFAULT '{\"a\": 1}'", documents);
    add("hstore", "''", "'a=>1, b=>NULL, \"odd \\\"key\\\"\"=>\"back\\\\slash, => x\"'");
    add(
        "pair",
        "ROW(1, 'x,\"y\"(z)', '2024-01-01 00:00:00+00')::pair",
        "ROW(NULL, '', NULL)::pair");
    add("int4range DEFAULT '[1,2)'", "'[1,10)'", "'empty'", "'(,)'", "'[5,)'");
    add("int8range", "'[1,10)'");
    add("numrange", "'(1.50,2.5]'", "'[NaN,NaN]'");
    add("daterange", "'[2024-01-01,2024-02-01)'", "'[-infinity,infinity]'");
    add("tsrange", "'[2024-01-01 00:00,2024-02-01 12:00:00.5)'");
    add("tstzrange", "'[2024-01-01 00:00+00,2024-02-01 12:00:00.5+05:45)'");
    add("float_range", "'[0.1,1e300)'");
    add("int4multirange", "'{}'", "'{[1,3),[5,7)}'");
    add("tstzmultirange", "'{[2024-01-01 00:00+00,2024-02-01 00:00+00)}'");
    add("point", "'(1.5,-2)'", "'(NaN,Infinity)'", "'(1e300,5e-324)'", "'(0.1,1e23)'");
    add("line", "'{1,2,3}'", "'{1.5,-0,1e-300}'");
    add("lseg", "'[(1,2),(3,4)]'");
    add("box", "'(3,4),(1,2)'");
    add("path", "'[(1,2),(3,4)]'", "'((1,2),(3,4))'");
    add("polygon", "'((1,2),(3,4),(5,6))'");
    add("circle", "'<(1,2),3>'", "'<(NaN,NaN),Infinity>'");
    add("cube", "'(1,2),(3,4)'");
    add("seg", "'1.5 .. 2.50'");
  }

  private void arrays() {
    add("bool[]", "'{}'", "'{t,f}'", "'{t,NULL}'");
    add(
        "int4[] DEFAULT '{1}'",
        "'{}'",
        "'{1,-2}'",
        "'{NULL}'",
        "'{{1,2},{3,4}}'",
        "'[0:1]={1,2}'",
        "'[2:3][0:0]={{1},{2}}'");
    add("int8[]", "'{9223372036854775807}'");
    add("float8[]", "'{NaN,Infinity,-0,0.1}'");
    add("numeric[]", "'{1.50,NaN}'", "'{1.5}'");
    add("numeric(10, 2)[]", "'{1.5,2}'");
    add(
        "text[] DEFAULT '{}'",
        "'{}'",
        "ARRAY['', 'NULL', 'null', 'a,b', 'q\"q', E'back\\\\slash', '{x}', ' sp ', '日本']");
    add("varchar(5)[]", "'{a,b}'");
    add("uuid[]", "'{00000000-0000-0000-0000-000000000000}'");
    add("bytea[]", "ARRAY['\\x00ff'::bytea, '']");
    add("date[]", "'{2024-01-01}'", "'{infinity}'");
    add("timestamptz[]", "'{\"2024-01-01 00:00:00+05:45\"}'", "'{infinity}'");
    add("json[]", "ARRAY['{\"a\": [1, \"x\"]}'::json]");
    add("jsonb[]", "ARRAY['{\"a\": [1, \"x\"]}'::jsonb, 'null']");
    add("mood[]", "'{sad,ok}'");
    add("hstore[]", "ARRAY['a=>1'::hstore]");
    add("box[]", "'{(3,4),(1,2);(7,8),(5,6)}'");
    add("pair[]", "ARRAY[ROW(1, 'x', NULL)::pair]");
    add("positive[]", "'{1.25,2}'");
    add("tags DEFAULT '{}'", "'{a,b}'", "'{}'");
    add("tags[]", "ARRAY['{a,b}'::tags]");
    add("int4range[]", "'{\"[1,2)\",empty}'");
    add("int2vector", "'1 2 3'", "''");
    add("oidvector", "'1 2'");
    add("money[]", "'{1.5}'");
    add("interval[]", "'{1 day,infinity}'");
    add("bit(2)[]", "'{10,01}'");
    add("inet[]", "'{::1,10.0.0.0/8}'");
    add("citext[]", "'{Ab}'");
    add("timetz[]", "'{24:00:00+00}'");
    add("point[]", "'{\"(1,2)\"}'");
    add("xml[]", "ARRAY['<a/>'::xml]");
  }
}
