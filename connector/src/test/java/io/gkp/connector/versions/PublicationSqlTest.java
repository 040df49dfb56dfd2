package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.source.table.PublicationSql;
import io.gkp.testing.TestPostgres;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The catalogue's rows say of each table what {@code pg_publication_tables} says of all. */
class PublicationSqlTest {
  private static final String[] SCHEMA = {
    "CREATE TABLE plain (id int PRIMARY KEY, v text, w text)",
    "ALTER TABLE plain DROP COLUMN v",
    "CREATE TABLE other (id int PRIMARY KEY)",
    "CREATE UNLOGGED TABLE volatile (id int PRIMARY KEY)",
    "CREATE SCHEMA app",
    "CREATE TABLE app.items (id int PRIMARY KEY, v text)",
    "CREATE VIEW seen AS SELECT * FROM plain",
    "CREATE TABLE parts (id int, v text) PARTITION BY RANGE (id)",
    "CREATE TABLE parts_1 PARTITION OF parts FOR VALUES FROM (0) TO (10)",
    "CREATE TABLE app.parts_2 PARTITION OF parts FOR VALUES FROM (10) TO (20)"
        + " PARTITION BY RANGE (id)",
    "CREATE TABLE parts_21 PARTITION OF app.parts_2 FOR VALUES FROM (10) TO (15)",
  };

  private static final List<String> SINCE_14 =
      List.of(
          "FOR TABLE plain",
          "FOR TABLE parts",
          "FOR TABLE parts WITH (publish_via_partition_root = true)",
          "FOR TABLE parts_1, parts_21",
          "FOR TABLE parts_1, app.parts_2",
          "FOR TABLE parts_1, app.parts_2, parts WITH (publish_via_partition_root = true)",
          "FOR TABLE parts_1, app.parts_2 WITH (publish_via_partition_root = true)",
          "FOR ALL TABLES",
          "FOR ALL TABLES WITH (publish_via_partition_root = true)");

  private static final List<String> SINCE_15 =
      List.of(
          "FOR TABLE plain (id, w), other",
          "FOR TABLE plain WHERE (id > 1), parts_1 WHERE (id > 3), other",
          "FOR TABLE parts WHERE (id > 3) WITH (publish_via_partition_root = true)",
          "FOR TABLE plain WHERE (id > 1), TABLES IN SCHEMA public",
          "FOR TABLES IN SCHEMA app",
          "FOR TABLES IN SCHEMA app WITH (publish_via_partition_root = true)",
          "FOR TABLE parts (id), parts_1 (id, v) WITH (publish_via_partition_root = true)",
          "FOR TABLE parts, TABLES IN SCHEMA app WITH (publish_via_partition_root = true)");

  @ParameterizedTest
  @MethodSource("io.gkp.connector.versions.EveryVersionTest#versions")
  void tablesColumnsAndFiltersAreThoseOfTheView(int version) {
    TestPostgres.Database database = TestPostgres.version(version).createDatabase();
    database.execute(SCHEMA);
    for (String kind : SINCE_14) {
      requireSame(version, database, kind);
    }
    if (version >= 15) {
      for (String kind : SINCE_15) {
        requireSame(version, database, kind);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 15, 16, 18})
  void generatedColumnsAreSentWhereTheServerSendsThem(int version) {
    TestPostgres.Database database = TestPostgres.version(version).createDatabase();
    database.execute(
        "CREATE TABLE plain (id int PRIMARY KEY, s int GENERATED ALWAYS AS (id * 2) STORED)",
        "CREATE PUBLICATION p FOR TABLE plain");
    assertThat(sent(version, database)).containsExactly(List.of("plain", "id"));
    if (version >= 18) {
      database.execute("ALTER PUBLICATION p SET (publish_generated_columns = stored)");
      assertThat(sent(version, database)).containsExactly(List.of("plain", "id,s"));
      database.execute(
          "ALTER PUBLICATION p SET (publish_generated_columns = none)",
          "ALTER PUBLICATION p SET TABLE plain (s, id)");
      assertThat(sent(version, database)).containsExactly(List.of("plain", "id,s"));
    }
  }

  private static void requireSame(int version, TestPostgres.Database database, String kind) {
    database.execute("CREATE PUBLICATION p " + kind);
    boolean lists = version >= 15;
    assertThat(sent(version, database))
        .as("%s on %s", kind, version)
        .containsExactlyInAnyOrderElementsOf(
            database.query(
                "SELECT tablename, (SELECT string_agg(attname, ',' ORDER BY attnum)"
                    + " FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0"
                    + " AND NOT attisdropped"
                    + (lists ? " AND attname = ANY (t.attnames)" : "")
                    + ")"
                    + " FROM pg_publication_tables t JOIN pg_namespace n ON nspname = schemaname"
                    + " JOIN pg_class c ON relname = tablename AND relnamespace = n.oid"));
    if (lists) {
      assertThat(
              database.query(
                  "SELECT c.relname FROM pg_class c"
                      + new PublicationSql(version).joins().replace("?", "'p'")
                      + " WHERE s.arrives AND "
                      + new PublicationSql(version).filter()
                      + " IS NOT NULL"))
          .as("filters of %s on %s", kind, version)
          .containsExactlyInAnyOrderElementsOf(
              database.query(
                  "SELECT tablename FROM pg_publication_tables WHERE rowfilter IS NOT NULL"));
    }
    database.execute("DROP PUBLICATION p");
  }

  private static List<List<String>> sent(int version, TestPostgres.Database database) {
    PublicationSql sql = new PublicationSql(version);
    return database.query(
        "SELECT c.relname, string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_class c"
            + sql.joins().replace("?", "'p'")
            + " JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped"
            + " WHERE c.oid >= 16384 AND "
            + sql.sent()
            + " GROUP BY c.oid, c.relname");
  }
}
