package io.gkp.connector.versions;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.export.Deployment;
import io.gkp.testing.TestPostgres;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a role or a database carries into its sessions, the same values arrive. */
class RoleSettingsTest {
  /** Those of which a value is a name. */
  private static final Map<String, String> TEXTS =
      Map.of(
          "search_path", "evil",
          "DateStyle", "German, DMY",
          "TimeZone", "Asia/Kathmandu",
          "client_encoding", "LATIN1",
          "role", "other",
          "application_name", "it''s",
          "default_tablespace", "pg_default",
          "lc_numeric", "C",
          "xmloption", "document");

  /**
   * These make a session slow, fill the server's log, or are other values of a {@code money}; and
   * one is a limit that only a superuser sets and lifts.
   */
  private static final String SPARED =
      "debug_discard_caches|lc_.*|log_.*|debug_print.*|trace_.*|temp_file_limit";

  private enum Extreme {
    LOW,
    HIGH
  }

  /** Each is tried by a run that reads a table of its own. */
  private enum Carrier {
    ROLE("ROLE exporter", Extreme.LOW),
    ROLE_IN_DATABASE("ROLE exporter IN DATABASE ", Extreme.HIGH),
    DATABASE("DATABASE ", Extreme.LOW);

    private final String name;
    private final Extreme extreme;

    Carrier(String name, Extreme extreme) {
      this.name = name;
      this.extreme = extreme;
    }

    String of(TestPostgres.Database database) {
      return this == ROLE ? name : name + database.name();
    }

    String table() {
      return "by_" + name().toLowerCase(Locale.ROOT);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {14, 18})
  void doNotReachTheExport(int version) throws Exception {
    TestPostgres server = TestPostgres.version(version);
    try (Deployment deployment = Deployment.on(server, "t").withoutViews()) {
      TestPostgres.Database database = deployment.database;
      database.execute(
          "DROP ROLE IF EXISTS exporter, other",
          "CREATE ROLE exporter LOGIN REPLICATION PASSWORD 'secret'",
          "CREATE ROLE other ROLE exporter",
          "CREATE TABLE \"Other\" ()",
          table("t"),
          "CREATE PUBLICATION gkp_export FOR TABLE t WITH (publish_via_partition_root)",
          "GRANT SELECT ON t TO exporter",
          insert("t", 1));
      for (Carrier carrier : Carrier.values()) {
        database.execute(
            table(carrier.table()),
            "ALTER PUBLICATION gkp_export ADD TABLE " + carrier.table(),
            "GRANT SELECT ON " + carrier.table() + " TO exporter",
            insert(carrier.table(), 1));
      }
      deployment.through(database.urlAs("exporter", "secret")).drain();
      String[] columns = {"at", "span", "f", "b", "c", "path"};
      String values = deployment.changelog("raw_t", columns).get(0).substring(1);
      List<String> plainAndStreamed = new ArrayList<>(List.of("r" + values));
      List<String> captured = new ArrayList<>(List.of("t"));
      try {
        for (Carrier carrier : Carrier.values()) {
          captured.add(carrier.table());
          deployment.capture(captured.toArray(String[]::new));
          database.execute(insert("t", captured.size()));
          assertThat(carry(database, carrier.extreme, carrier))
              .as("%s", carrier)
              .contains("statement_timeout", "search_path", "role")
              .hasSizeGreaterThan(100);
          deployment.drain();
          database.execute("ALTER " + carrier.of(database) + " RESET ALL");
          plainAndStreamed.add("c" + values);
          assertThat(deployment.changelog("raw_t", columns))
              .as("%s", carrier)
              .isEqualTo(plainAndStreamed);
          assertThat(deployment.changelog("raw_" + carrier.table(), columns))
              .as("%s", carrier)
              .containsExactly("r" + values);
        }
      } finally {
        for (Carrier carrier : Carrier.values()) {
          database.execute("ALTER " + carrier.of(database) + " RESET ALL");
        }
        database.execute("DROP OWNED BY exporter, other", "DROP ROLE exporter, other");
      }
    }
  }

  private static String table(String name) {
    return "CREATE TABLE "
        + name
        + " (id int PRIMARY KEY, at timestamptz, span interval, f float8, b bytea, c regclass,"
        + " path text)";
  }

  private static String insert(String table, int id) {
    return "INSERT INTO "
        + table
        + " VALUES ("
        + id
        + ", '2026-07-01 12:00:00.1234567+02', '1 year 2 mons 3 days 04:05:06', 0.1,"
        + " '\\x00ff5c', '\"Other\"', E'back\\\\slash')";
  }

  /** Sets what can be set, to another value than it has. */
  private static List<String> carry(
      TestPostgres.Database database, Extreme extreme, Carrier carrier) throws SQLException {
    List<String> carried = new ArrayList<>();
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      List<List<String>> all =
          new ArrayList<>(
              database.query(
                  "SELECT name, vartype, setting, min_val, max_val, enumvals::text FROM pg_settings"
                      + " WHERE context IN ('user', 'superuser') AND name !~ '^("
                      + SPARED
                      + ")$'"));
      all.add(Arrays.asList("role", "string", "none", null, null, null));
      for (List<String> setting : all) {
        String value = other(setting, extreme);
        if (value == null) {
          continue;
        }
        try {
          if (carrier == Carrier.DATABASE) {
            statement.execute(
                "ALTER ROLE postgres IN DATABASE "
                    + database.name()
                    + " SET \""
                    + setting.get(0)
                    + "\" FROM CURRENT");
          }
          statement.execute(
              "ALTER "
                  + carrier.of(database)
                  + " SET \""
                  + setting.get(0)
                  + "\" = '"
                  + value
                  + "'");
          carried.add(setting.get(0));
        } catch (SQLException e) {
          // This one cannot be carried so.
        }
      }
    }
    return carried;
  }

  private static String other(List<String> setting, Extreme extreme) {
    String current = setting.get(2);
    if (setting.get(0).equals("transaction_timeout") && extreme == Extreme.LOW) {
      return "100"; // it cannot go with the startup message: older versions refuse its name
    }
    return switch (setting.get(1)) {
      case "bool" -> current.equals("on") ? "off" : "on";
      case "integer" ->
          extreme == Extreme.LOW
              ? Long.toString(Math.max(1, Long.parseLong(setting.get(3))))
              : setting.get(4);
      case "real" -> extreme == Extreme.LOW ? setting.get(3) : setting.get(4);
      case "enum" -> {
        List<String> others =
            Stream.of(setting.get(5).replaceAll("[{}\"]", "").split(","))
                .filter(value -> !value.equals(current))
                .toList();
        yield others.isEmpty() ? null : others.get(extreme == Extreme.LOW ? 0 : others.size() - 1);
      }
      default -> TEXTS.get(setting.get(0));
    };
  }
}
