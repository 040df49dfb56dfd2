package io.gkp.connector.export;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.connector.cli.Cli;
import io.gkp.failure.Failure;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

/** What an attacker has tried in vain stays so. */
class HeldTest {
  private static final String SALT = "b2hUMm9oOHF1b29qYWV4MQ";

  @Test
  void rowsThatThePoliciesOfATableHideAreNotTakenForAllOfIt() {
    try (Deployment deployment = new Deployment("notes")) {
      String role = "limited_" + deployment.database.name();
      deployment.database.execute(
          "CREATE TABLE notes (id int PRIMARY KEY, owner text)",
          "INSERT INTO notes VALUES (1, 'limited'), (2, 'somebody else')",
          "CREATE PUBLICATION gkp_export FOR TABLE notes",
          "CREATE ROLE " + role + " LOGIN REPLICATION PASSWORD 'pw'",
          "GRANT SELECT ON notes TO " + role);
      deployment.through(deployment.database.urlAs(role, "pw"));
      deployment.drain();
      deployment.database.execute(
          "CREATE POLICY own ON notes USING (owner = 'limited')",
          "ALTER TABLE notes ENABLE ROW LEVEL SECURITY",
          "INSERT INTO notes VALUES (3, 'somebody else')");
      RunReport streamed = deployment.drain();
      assertThat(streamed.warnings()).anyMatch(warning -> warning.check().equals("row-security"));

      Cli backfill =
          Cli.run(deployment, "offsets", "backfill", "--table=notes", "--where=id > 0", "--yes");
      RunReport run = deployment.run();
      assertThat(backfill.err() + run.error() + run.backfills())
          .contains(Failure.SOURCE_PERMISSION.code());
      Cli reset = Cli.run(deployment, "offsets", "reset", "--table=notes", "--yes");
      assertThat(reset.err()).contains(Failure.SOURCE_PERMISSION.code());
      assertThat(deployment.changelog("raw_notes", "id")).containsExactly("r 1", "r 2", "c 3");
      deployment.database.execute("ALTER TABLE notes DISABLE ROW LEVEL SECURITY");
      deployment.drain();
      deployment.requireEqual("notes", "id", "owner");
    }
  }

  @Test
  void hashesAreOpensslsHmacInSnapshotAndStreamWhateverTheTypeAndNullStaysNull() throws Exception {
    Map<String, String> values =
        Map.ofEntries(
            Map.entry("text", "'Grüße\\n'"),
            Map.entry("int", "-42"),
            Map.entry("numeric", "1.50"),
            Map.entry("float8", "0.1"),
            Map.entry("bool", "true"),
            Map.entry("date", "'2026-02-28'"),
            Map.entry("timestamptz", "'2026-02-28 10:00:00.120+02'"),
            Map.entry("uuid", "'A0EEBC99-9C0B-4EF8-BB6D-6BB9BD380A11'"),
            Map.entry("jsonb", "'{\"b\": 1, \"a\": [2, null]}'"),
            Map.entry("bytea", "'\\x00ff'"),
            Map.entry("int[]", "'{1,NULL,3}'"));
    List<String> types = List.copyOf(values.keySet());
    List<String> columns = IntStream.range(0, types.size()).mapToObj(i -> "c" + i).toList();
    try (Deployment deployment = new Deployment("h")) {
      StringBuilder table = new StringBuilder("CREATE TABLE h (id int PRIMARY KEY");
      for (int i = 0; i < types.size(); i++) {
        table.append(", c").append(i).append(' ').append(types.get(i));
      }
      String row = String.join(", ", types.stream().map(values::get).toList());
      deployment.protect(List.of(), columns.stream().map(c -> "h." + c).toList(), SALT);
      deployment.database.execute(
          table + ")", "INSERT INTO h VALUES (1, " + row + ")", "INSERT INTO h (id) VALUES (2)");
      deployment.drain();
      deployment.database.execute(
          "INSERT INTO h VALUES (3, " + row + ")", "INSERT INTO h (id) VALUES (4)");
      deployment.drain();

      List<String> texts =
          deployment
              .database
              .query(
                  "SELECT "
                      + String.join(
                          ", ", columns.stream().map(c -> "format('%s', " + c + ")").toList())
                      + " FROM (SELECT set_config('TimeZone', 'UTC', false)) z, h WHERE id = 1")
              .get(0);
      for (Map<String, Object> raw : deployment.raw("raw_h")) {
        boolean isNull = raw.get("id").equals("2") || raw.get("id").equals("4");
        for (int i = 0; i < columns.size(); i++) {
          assertThat(raw.get(columns.get(i)))
              .as("%s of row %s", types.get(i), raw.get("id"))
              .isEqualTo(isNull ? null : hmac(texts.get(i)));
        }
      }
    }
  }

  /** {@code openssl dgst -sha256 -hmac "$SALT"}, by another implementation. */
  private static String hmac(String text) throws Exception {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SALT.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
  }
}
