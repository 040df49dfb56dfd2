package io.gkp.connector.mapping;

import io.gkp.testing.TestPostgres;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code type-cases.txt}, and makes the types that it names. */
final class TypeCases {
  /** One value: an SQL expression, and what it must be in a load row. */
  record Value(String sql, String expected) {}

  /** A table with a column {@code v} of one type, and a row per value behind a row with NULL. */
  record Case(String table, String type, String fieldType, List<Value> values) {
    String createTable() {
      return "CREATE TABLE " + table + " (id int PRIMARY KEY, v " + type + ")";
    }

    /** Statements, so that no value's type influences another's. */
    String insert() {
      StringBuilder sql = new StringBuilder("INSERT INTO " + table + " VALUES (0, NULL)");
      for (int i = 0; i < values.size(); i++) {
        sql.append("; INSERT INTO ").append(table);
        sql.append(" VALUES (").append(i + 1).append(", ").append(values.get(i).sql()).append(')');
      }
      return sql.toString();
    }
  }

  private static final Pattern SINCE = Pattern.compile(" {2}since (\\d+)$");

  private TypeCases() {}

  /** All that the newest version has. */
  static List<Case> read() throws IOException {
    return read(Integer.MAX_VALUE);
  }

  /** All that a version has. */
  static List<Case> read(int major) throws IOException {
    String text;
    try (InputStream in = TypeCases.class.getResourceAsStream("type-cases.txt")) {
      text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
    List<Case> cases = new ArrayList<>();
    boolean typeIsThere = true;
    for (String marked : text.split("\n")) {
      Matcher since = SINCE.matcher(marked);
      boolean isThere = !since.find() || Integer.parseInt(since.group(1)) <= major;
      String line = since.replaceFirst("");
      if (line.startsWith("  ")) {
        if (!isThere || !typeIsThere) {
          continue;
        }
        String[] value = line.strip().split(" {2}=> {2}", 2);
        cases.get(cases.size() - 1).values().add(new Value(value[0], value[1]));
      } else if (!line.isEmpty() && !line.startsWith("#")) {
        typeIsThere = isThere;
        if (!isThere) {
          continue;
        }
        String[] type = line.split(" {2}-> {2}", 2);
        cases.add(new Case("t" + cases.size(), type[0], type[1], new ArrayList<>()));
      }
    }
    return cases;
  }

  static void createTypes(TestPostgres.Database database) {
    database.execute(
        "CREATE EXTENSION hstore",
        "CREATE EXTENSION citext",
        "CREATE EXTENSION ltree",
        "CREATE EXTENSION cube",
        "CREATE EXTENSION isn",
        "CREATE EXTENSION seg",
        "CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s \"odd\", {really}')",
        "CREATE SCHEMA shop",
        "CREATE TYPE shop.mood AS ENUM ('open', 'closed')",
        "CREATE TYPE no_mood AS ENUM ()",
        "CREATE DOMAIN feeling AS mood",
        "CREATE DOMAIN deep_feeling AS feeling CHECK (value::mood <> 'ok')",
        "CREATE DOMAIN no_feeling AS no_mood", // of no column
        "CREATE TYPE pair AS (a int, b text, c timestamptz)",
        "CREATE DOMAIN positive AS numeric(10, 2) CHECK (value > 0)",
        "CREATE DOMAIN very_positive AS positive CHECK (value > 1)",
        "CREATE DOMAIN tags AS text[]",
        "CREATE DOMAIN stamp AS timestamptz",
        "CREATE DOMAIN couple AS pair",
        "CREATE TYPE nested AS (p pair, t text[], r int4range)",
        "CREATE TYPE float_range AS RANGE (subtype = float8)");
    baseType(database, "vector");
    baseType(database, "geometry");
  }

  /** A type as an extension brings it, of a name that Debezium itself would parse. */
  private static void baseType(TestPostgres.Database database, String name) {
    database.execute(
        "CREATE TYPE " + name,
        "CREATE FUNCTION %1$s_in(cstring) RETURNS %1$s IMMUTABLE STRICT LANGUAGE internal AS 'textin'"
            .formatted(name),
        "CREATE FUNCTION %1$s_out(%1$s) RETURNS cstring IMMUTABLE STRICT LANGUAGE internal AS"
                .formatted(name)
            + " 'textout'",
        "CREATE TYPE %1$s (INPUT = %1$s_in, OUTPUT = %1$s_out, LIKE = text)".formatted(name));
  }
}
