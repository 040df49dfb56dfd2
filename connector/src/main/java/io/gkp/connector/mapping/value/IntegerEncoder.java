package io.gkp.connector.mapping.value;

import io.gkp.connector.wire.Tuple;

/** An integer of at most 64 bits; as a JSON string where JSON numbers may lose digits. */
final class IntegerEncoder implements ValueEncoder {
  /** Every integer of so many characters is below 2^53. */
  private static final int SAFE_NUMBER_LENGTH = 15;

  private static final int LONGEST = Long.toString(Long.MIN_VALUE).length();

  @Override
  public String encode(String text) throws Unrepresentable {
    int start = text.startsWith("-") ? 1 : 0;
    if (text.length() == start || text.length() > LONGEST) {
      throw Unrepresentable.because(LossyReason.MALFORMED);
    }
    for (int i = start; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        throw Unrepresentable.because(LossyReason.MALFORMED);
      }
    }
    return text;
  }

  @Override
  public void write(String encoded, JsonLine out) {
    if (encoded.length() <= SAFE_NUMBER_LENGTH) {
      out.raw(encoded);
    } else {
      out.string(encoded);
    }
  }

  @Override
  public boolean writeBytes(Tuple row, int i, JsonLine out) {
    byte[] data = row.data();
    int start = row.start(i);
    int length = row.length(i);
    if (length == 0) {
      return false;
    }
    for (int digit = data[start] == '-' ? 1 : 0; digit < length; digit++) {
      if (data[start + digit] < '0' || data[start + digit] > '9') {
        return false;
      }
    }
    if (length > SAFE_NUMBER_LENGTH) {
      out.string(data, start, length);
    } else {
      out.raw(data, start, length);
    }
    return length <= LONGEST && data[start + length - 1] != '-';
  }
}
