package io.gkp.connector.source.table;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 of a value's Postgres text, as 64 hexadecimal digits. Equal texts give equal hashes
 * whatever the column, so that hashed keys can be joined. Two of them are equal when their salts
 * are. Safe to share.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104: HMAC</a>
 */
public final class ColumnHash {
  private static final String ALGORITHM = "HmacSHA256";
  private static final String FINGERPRINTED = "gkp hash salt";
  private static final int FINGERPRINT_DIGITS = 8;

  private final Mac keyed;
  private final String fingerprint;

  /**
   * @param salt the secret key, not empty
   */
  public ColumnHash(byte[] salt) {
    try {
      keyed = Mac.getInstance(ALGORITHM);
      keyed.init(new SecretKeySpec(salt, ALGORITHM));
    } catch (NoSuchAlgorithmException | InvalidKeyException e) {
      throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
    }
    fingerprint = of(FINGERPRINTED).substring(0, FINGERPRINT_DIGITS);
  }

  public String of(String text) {
    try {
      // A Mac is no more than its state: a copy costs less than setting the key again.
      Mac mac = (Mac) keyed.clone();
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException("the JDK's " + ALGORITHM + " can be copied", e);
    }
  }

  /** Tells salts apart without giving them away; eight hexadecimal digits. */
  public String fingerprint() {
    return fingerprint;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ColumnHash hash && hash.fingerprint.equals(fingerprint);
  }

  @Override
  public int hashCode() {
    return fingerprint.hashCode();
  }

  @Override
  public String toString() {
    return "salt " + fingerprint;
  }
}
