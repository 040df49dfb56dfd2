package io.gkp.connector.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.gkp.testing.TestPostgres;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerTextTest {
  private static final String BYTES = "generate_series(161, 254)";

  private static TestPostgres.Database database;

  @BeforeAll
  static void start() {
    database = TestPostgres.shared().createDatabase();
    database.execute(
        "CREATE FUNCTION converted(bytes bytea, encoding text) RETURNS text LANGUAGE plpgsql AS"
            + " $$ BEGIN RETURN convert_from(bytes, encoding);"
            + " EXCEPTION WHEN OTHERS THEN RETURN NULL; END $$");
  }

  @AfterAll
  static void end() {
    TestPostgres.shared().drop(database);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ISO_8859_5",
        "ISO_8859_6",
        "ISO_8859_7",
        "ISO_8859_8",
        "KOI8R",
        "KOI8U",
        "LATIN1",
        "LATIN2",
        "LATIN3",
        "LATIN4",
        "LATIN5",
        "LATIN7",
        "LATIN9",
        "LATIN10",
        "WIN866",
        "WIN874",
        "WIN1250",
        "WIN1251",
        "WIN1252",
        "WIN1253",
        "WIN1254",
        "WIN1255",
        "WIN1256",
        "WIN1257",
        "WIN1258"
      })
  void everyByteIsReadAsTheServerReadsIt(String encoding) {
    assertReadAlike(encoding, "SELECT lpad(to_hex(i), 2, '0') FROM generate_series(128, 255) i");
  }

  @ParameterizedTest
  @ValueSource(strings = {"EUC_CN", "EUC_JP", "EUC_KR", "EUC_TW"})
  void everyPairOfBytesIsReadAsTheServerReadsIt(String encoding) {
    String pairs = "SELECT '%s' || to_hex(i) || to_hex(j) FROM " + BYTES + " i, " + BYTES + " j";
    assertReadAlike(encoding, pairs.formatted(""));
    if (encoding.equals("EUC_JP")) {
      assertReadAlike(encoding, pairs.formatted("8f"));
    }
  }

  @Test
  void whatIsNoTextIsTheEscapedFormOfItsBytes() {
    byte[] bytes = {'a', '\\', (byte) 0xe9, '\n'};
    String text = new ServerText("SQL_ASCII").decode(bytes, 0, bytes.length);
    assertThat(ServerText.isUnreadable(text)).isTrue();
    assertThat(database.query("SELECT encode('\\x615ce90a', 'escape')"))
        .isEqualTo(List.of(List.of(ServerText.escaped(text))));
  }

  /** Java may know more characters, but never others. */
  private static void assertReadAlike(String encoding, String codes) {
    ServerText text = new ServerText(encoding);
    assertThat(text.encoding()).isEqualTo(encoding);
    List<List<String>> server =
        database.query(
            "SELECT * FROM (SELECT c, converted(decode(c, 'hex'), '"
                + encoding
                + "') AS t FROM ("
                + codes
                + ") AS codes (c)) AS x WHERE t IS NOT NULL");
    assertThat(server)
        .isNotEmpty()
        .allSatisfy(
            row -> {
              byte[] bytes = HexFormat.of().parseHex(row.get(0));
              assertThat(text.decode(bytes, 0, bytes.length)).as(row.get(0)).isEqualTo(row.get(1));
            });
  }
}
