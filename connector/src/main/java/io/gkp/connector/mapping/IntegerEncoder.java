package io.gkp.connector.mapping;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;

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
  public void write(String encoded, JsonGenerator out) throws IOException {
    if (encoded.length() <= SAFE_NUMBER_LENGTH) {
      out.writeNumber(encoded);
    } else {
      out.writeString(encoded);
    }
  }
}
