package io.gkp.connector.mapping.value;

/**
 * {@code float4} or {@code float8}. Postgres prints the shortest digits that give the same value
 * again, which are also a JSON number; {@code NaN} and the infinities load as strings.
 */
final class FloatEncoder implements ValueEncoder {
  @Override
  public String encode(String text) {
    // "-0" could be read as the integer zero, which has no sign.
    return text.equals("-0") ? "-0.0" : text;
  }

  @Override
  public void write(String encoded, JsonLine out) {
    char last = encoded.charAt(encoded.length() - 1);
    if (last >= '0' && last <= '9') {
      out.raw(encoded);
    } else {
      out.string(encoded); // NaN, Infinity, -Infinity
    }
  }
}
