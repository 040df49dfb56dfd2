package io.gkp.connector.config;

import java.nio.charset.StandardCharsets;

/** The secret that hashes are keyed with. Prints as nothing. */
public final class HashSalt {
  /** 128 bits where it is random; short of that, hashes can be reversed by trying values. */
  private static final int MIN_BYTES = 16;

  private final byte[] bytes;

  private HashSalt(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a salt's text; white space around it does not count.
   *
   * @throws IllegalArgumentException when it is too short; the message does not hold it
   */
  public static HashSalt of(String text) {
    byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
    if (bytes.length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "the salt has "
              + bytes.length
              + " bytes, at least "
              + MIN_BYTES
              + " are needed; make one with: openssl rand -base64 32");
    }
    return new HashSalt(bytes);
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "***";
  }
}
