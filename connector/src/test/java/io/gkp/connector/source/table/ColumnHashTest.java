package io.gkp.connector.source.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ColumnHashTest {
  private static ColumnHash hash(String salt) {
    return new ColumnHash(salt.getBytes(StandardCharsets.UTF_8));
  }

  /** RFC 4231, test case 2. */
  @Test
  void isHmacSha256() {
    assertThat(hash("Jefe").of("what do ya want for nothing?"))
        .isEqualTo("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  }

  @Test
  void isTheSameEachTime() {
    ColumnHash hash = hash("some salt");
    assertThat(hash.of("é")).isEqualTo(hash.of("é")).isNotEqualTo(hash.of("e"));
  }

  @Test
  void theFingerprintTellsSaltsApartAndIsNotOneOfThem() {
    assertThat(hash("one salt").fingerprint())
        .matches("[0-9a-f]{8}")
        .isEqualTo(hash("one salt").fingerprint())
        .isNotEqualTo(hash("another salt").fingerprint());
    assertThat(hash("one salt")).hasToString("salt " + hash("one salt").fingerprint());
  }

  @Test
  void theMarkIsReadBackAndNoNameOfAColumnPassesForIt() {
    ColumnProtection hashed = ColumnProtection.hashed(hash("some salt"));
    assertThat(ColumnProtection.markOf("Postgres column \"a\", text" + hashed.mark()))
        .isEqualTo(hashed.mark());
    assertThat(ColumnProtection.markOf("Postgres column \"a" + hashed.mark() + "\", text"))
        .isEmpty();
    assertThat(ColumnProtection.markOf(null)).isEmpty();
  }
}
