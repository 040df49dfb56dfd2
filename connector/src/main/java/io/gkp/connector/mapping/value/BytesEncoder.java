package io.gkp.connector.mapping.value;

import java.util.Base64;
import java.util.HexFormat;

/** A {@code bytea} in hex format, {@code \x0aff}, as Base64. */
final class BytesEncoder implements ValueEncoder {
  private static final HexFormat HEX = HexFormat.of();

  @Override
  public String encode(String text) throws Unrepresentable {
    if (!text.startsWith("\\x")) {
      throw Unrepresentable.because(LossyReason.MALFORMED);
    }
    return Base64.getEncoder().encodeToString(HEX.parseHex(text, 2, text.length()));
  }
}
