package io.gkp.connector.source.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gkp.connector.source.table.ColumnProtection;
import io.gkp.connector.source.table.PostgresType;
import io.gkp.connector.source.table.PostgresType.Kind;
import io.gkp.connector.source.table.SourceColumn;
import io.gkp.connector.source.table.SourceTable;
import io.gkp.failure.ExportException;
import io.gkp.failure.Failure;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a condition lets through, against the server that reads it. */
class ConditionTest {
  private static final String CREATE =
      "CREATE TEMPORARY TABLE items (id int, name text, made timestamptz, data jsonb, tags text[],"
          + " \"select\" int, \"Odd \"\"Name\" int, \"items\" int, ssn text, mail text)";

  private static final SourceTable TABLE = table();

  private static SourceTable table() {
    PostgresType type = new PostgresType(25, "pg_catalog", "text", Kind.BASE, null, -1, ',');
    return new SourceTable(
        "public",
        "items",
        Stream.concat(
                Stream.of("id", "name", "made", "data", "tags", "select", "Odd \"Name", "items")
                    .map(name -> new SourceColumn(name, type)),
                Stream.of(
                    new SourceColumn(
                        "ssn", type, -1, false, 0, false, ColumnProtection.EXCLUDED, null)))
            .toList());
  }

  static IntStream versions() {
    return TestPostgres.versions();
  }

  private static final List<String> TAKEN =
      List.of(
          "id = 1",
          "items.id>=-1 AND \"items\".\"Odd \"\"Name\" <> 2 OR NOT (ID IN (1, 2))",
          "name = 'it''s; --' OR name LIKE '%\\_%' ESCAPE '\\'",
          "made >= now() - interval '1 day' AND made < timestamp '2026-01-01' AT TIME ZONE 'UTC'",
          "made BETWEEN '2026-01-01' AND current_timestamp",
          "extract(epoch FROM made)::bigint % 2 = 0 AND date_trunc('day', made)::date = current_date",
          "data->>'status' = 'failed' AND data @> '{\"a\": 1}' AND data ? 'b'",
          "id = ANY ('{1,2}'::int[]) OR 'x' = ANY (tags) OR tags[1] IS NOT NULL",
          "(id, name) IN ((1, 'a'), (2, 'b'))",
          "CASE WHEN id > 1 THEN true ELSE lower(name) ~* '^a' END",
          "cast(id AS numeric(10, 2)) > 1.5e0 AND substring(name FROM 1 FOR 2) = 'ab'",
          "coalesce(nullif(trim(name), ''), 'x') IS DISTINCT FROM 'y'",
          "mod(hashtext(name), 10) = 3 AND length(name) > 2 AND name SIMILAR TO '(a|b)%'",
          "select = 1");

  @ParameterizedTest
  @MethodSource("versions")
  void whatOperatorsFilterByIsTakenOnAnyVersion(int version) throws SQLException {
    try (Connection connection = TestPostgres.version(version).database("postgres").connect();
        Statement statement = connection.createStatement()) {
      statement.execute(CREATE);
      for (String text : TAKEN) {
        statement.execute("EXPLAIN SELECT FROM items WHERE " + new Condition(text).over(TABLE));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " \n",
        "true; DROP TABLE items",
        "true) OR (true",
        "(true",
        "tags[1",
        "true -- x",
        "true /* /* */ */",
        "name = $$x$$",
        "name = $1",
        "name = 'x",
        "name = E'a'",
        "name = E'a'\n'\\'' OR true) TO STDOUT; SELECT 1 --'",
        "name = 'a'\n'b'",
        "name = 'a' 'b'",
        "name = U&'\\0027'",
        "U&\"n\\0061me\" = 'a'",
        "name = N'a' OR name = B'1'",
        "name \\ 'a'",
        "id = 0x1F",
        "id = 1_000",
        "id OPERATOR(pg_catalog.=) 1",
        "naïve = 1",
        "name = 'a' COLLATE \"C\"",
        "id = 1, true",
        "pg_drop_replication_slot('other') IS NULL",
        "pg_catalog.pg_sleep(1) IS NULL",
        "\"lower\"(name) = 'a'",
        "name(id) = 'a'",
        "lo_create(0) > 0 OR pg_advisory_lock(1) IS NULL",
        "pg_logical_emit_message(true, 'x', 'y') IS NULL",
        "pg_terminate_backend(1)",
        "nextval('s') > 0 OR setval('s', 1) > 0",
        "random() < 0.5",
        "repeat(name, 1000000000) IS NULL",
        "query_to_xml('SELECT 1', true, true, '') IS NULL",
        "current_setting('a') = 'b'",
        "id IN (VALUES (1))",
        "EXISTS (SELECT FROM items)",
        "(TABLE items) IS NULL",
        "(VALUES (1)) = 1",
        "ssn LIKE '1%'",
        "items.ssn = '1'",
        "\"ssn\" = '1'",
        "ssn::regclass IS NULL",
        "name::regclass IS NULL",
        "name::\"text\" = ''",
        "name::public.mine IS NULL",
        "cast(name AS regproc) IS NULL",
        "regclass 'items' IS NULL",
        "\"name\" 'items' IS NULL",
        "(items.*) IS NULL",
        "items.ctid IS NULL",
        "ctid IS NULL",
        "(items).ssn IS NULL",
        "items::items.id IS NULL",
        "public.items.id = 1",
        "items.",
        "mail = 'of no column of the publication'"
      })
  void whatIsNoPlainExpressionIsRefused(String text) {
    assertThatThrownBy(() -> new Condition(text).over(TABLE))
        .isInstanceOfSatisfying(
            ExportException.class,
            e -> assertThat(e.failure()).isEqualTo(Failure.BACKFILL_REJECTED));
  }

  @Test
  void valuesAreWrittenAsTheServerQuotesThem() throws SQLException {
    try (Connection connection = TestPostgres.shared().database("postgres").connect();
        PreparedStatement quote = connection.prepareStatement("SELECT quote_literal(?)");
        Statement statement = connection.createStatement()) {
      for (String value : List.of("", "a", "it's", "\\", "\\'", "' OR '", "a\nb", "日本\\n")) {
        quote.setString(1, value);
        try (ResultSet row = quote.executeQuery()) {
          row.next();
          assertThat(Condition.sqlLiteral(value)).isEqualTo(row.getString(1));
        }
        for (String conforming : List.of("on", "off")) {
          statement.execute("SET standard_conforming_strings = " + conforming);
          try (ResultSet row = statement.executeQuery("SELECT " + Condition.sqlLiteral(value))) {
            row.next();
            assertThat(row.getString(1)).isEqualTo(value);
          }
        }
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versions")
  void noWordIsVolatileOnAnyVersion(int version) {
    String words =
        Stream.of(ConditionWords.FUNCTIONS, ConditionWords.TYPES)
            .flatMap(java.util.Collection::stream)
            .map(word -> "'" + word + "'")
            .collect(java.util.stream.Collectors.joining(", "));
    String pgCatalog = " = 'pg_catalog'::regnamespace AND ";
    assertThat(
            TestPostgres.version(version)
                .database("postgres")
                .query(
                    "SELECT oid::regprocedure::text FROM pg_proc WHERE provolatile = 'v' AND"
                        + " pronamespace"
                        + pgCatalog
                        + "(proname IN ("
                        + words
                        + ") OR oid IN (SELECT oprcode FROM pg_operator WHERE oprnamespace"
                        + pgCatalog
                        + "oprcode <> 0) OR oid IN (SELECT castfunc FROM pg_cast))"))
        .isEmpty();
  }

  /** Whatever is let through is one expression to the server's own parser, or none. */
  @Property(seed = "1", tries = 3000, shrinking = ShrinkingMode.BOUNDED)
  void whatIsTakenIsOneExpressionToTheServer(@ForAll("texts") String text) throws SQLException {
    String sql;
    try {
      sql = new Condition(text).over(TABLE);
    } catch (ExportException e) {
      return;
    }
    Connection connection = Server.CONNECTION;
    String select = "SELECT " + sql.replace("?", "??") + " AS first, 2 AS second FROM items";
    try (PreparedStatement parsed = connection.prepareStatement(select)) {
      ResultSetMetaData columns = parsed.getMetaData();
      assertThat(columns.getColumnCount()).as(sql).isEqualTo(2);
      assertThat(columns.getColumnName(1)).as(sql).isEqualTo("first");
      assertThat(columns.getColumnName(2)).as(sql).isEqualTo("second");
      assertThat(parsed.getParameterMetaData().getParameterCount()).as(sql).isZero();
    } catch (SQLException e) {
      // A text that is no value of its column's type is refused by the parser, too.
      assertThat(e.getSQLState().substring(0, 2)).as(sql + e.getMessage()).isIn("42", "22");
    }
  }

  @Provide
  static Arbitrary<String> texts() {
    return Arbitraries.of(
            "id",
            "name",
            "ssn",
            "items",
            ".",
            "\"Odd \"\"Name\"",
            "\"",
            "'",
            "''",
            "\\",
            "'a'",
            "E",
            "e'",
            "U&",
            "$",
            "$$",
            "--",
            "/*",
            "*/",
            ";",
            "\n",
            " ",
            " ",
            "(",
            ")",
            "[",
            "]",
            ",",
            "::",
            ":",
            "int",
            "text",
            "=",
            "<",
            "-",
            "+",
            "~",
            "->",
            "?",
            "@>",
            "|",
            "1",
            "2.5",
            "1e",
            "and",
            "or",
            "not",
            "in",
            "is null",
            "true",
            "lower",
            "lower(",
            "select",
            "from",
            "as",
            "cast(",
            "case",
            "when",
            "end",
            "null",
            "é",
            "\u0000",
            "\u00a0",
            "\u000b")
        .list()
        .ofMinSize(1)
        .ofMaxSize(9)
        .map(pieces -> String.join("", pieces));
  }

  /** One session for all tries. */
  private static final class Server {
    static final Connection CONNECTION = open();

    private static Connection open() {
      try {
        Connection connection = TestPostgres.shared().database("postgres").connect();
        try (Statement statement = connection.createStatement()) {
          statement.execute(CREATE);
        }
        return connection;
      } catch (SQLException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
