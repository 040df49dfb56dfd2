package io.gkp.connector.config;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The secret that hashes are keyed with. Prints as nothing. */
public final class HashSalt {
  /** 128 bits where it is random; short of that, hashes can be reversed by trying values. */
  private static final int MIN_BYTES = 16;

  /**
   * What is as easy to guess as this is no secret, however long: aaaa..., 1234..., secretsecret...
   */
  private static final double MIN_BITS = 48;

  private static final String MAKE_ONE = "make one with: openssl rand -base64 32";

  private final byte[] bytes;

  private HashSalt(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Reads a salt's text; white space around it does not count.
   *
   * @throws IllegalArgumentException when it is too short, or too regular for a random text; the
   *     message does not hold it
   */
  public static HashSalt of(String text) {
    byte[] bytes = text.strip().getBytes(StandardCharsets.UTF_8);
    if (bytes.length < MIN_BYTES) {
      throw new IllegalArgumentException(
          "the salt has %s bytes, at least %s are needed; %s"
              .formatted(bytes.length, MIN_BYTES, MAKE_ONE));
    }
    if (bitsOf(bytes) < MIN_BITS) {
      throw new IllegalArgumentException("the salt is easy to guess; " + MAKE_ONE);
    }
    return new HashSalt(bytes);
  }

  /**
   * An upper bound of what a guesser has to try: the entropy of the bytes, or of the steps from one
   * to the next, whichever is less, of the part that repeats. A text of words passes with less than
   * it says; the bound is there for what is no secret at all.
   *
   * @see <a href="https://en.wikipedia.org/wiki/Entropy_(information_theory)">entropy</a>
   */
  private static double bitsOf(byte[] text) {
    byte[] part = Arrays.copyOf(text, period(text));
    byte[] steps = new byte[part.length - 1];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = (byte) (part[i + 1] - part[i]);
    }
    return Math.min(entropy(part), entropy(steps));
  }

  /** After how many bytes the text begins anew; its length where it does not. */
  private static int period(byte[] text) {
    for (int period = 1; period <= text.length / 2; period++) {
      if (Arrays.equals(text, period, text.length, text, 0, text.length - period)) {
        return period;
      }
    }
    return text.length;
  }

  /** In bits, of the whole text. */
  private static double entropy(byte[] text) {
    int[] counts = new int[1 << Byte.SIZE];
    for (byte b : text) {
      counts[Byte.toUnsignedInt(b)]++;
    }
    return Arrays.stream(counts)
        .filter(count -> count > 0)
        .mapToDouble(count -> count * Math.log((double) text.length / count) / Math.log(2))
        .sum();
  }

  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "***";
  }
}
